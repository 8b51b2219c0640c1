import { type ParsedLocation, redirect } from '@tanstack/react-router';
import { hasCode, hasStatus } from '../api/problem.js';
import { accountsQuery, meQuery } from '../api/queries.js';
import { queryClient } from '../api/query-client.js';

interface Loading {
  readonly location: ParsedLocation;
  readonly search: { readonly account?: string | undefined };
}

/** Lets only signed-in people through; the others sign in first and then come back to the same address. */
export async function loadSession({ location, search }: Loading): Promise<void> {
  try {
    const [me, accounts] = await Promise.all([
      queryClient.query({ ...meQuery(search.account), staleTime: 'static' }),
      queryClient.query({ ...accountsQuery(), staleTime: 'static' }),
    ]);
    if (accounts.length < 2 || search.account !== undefined) return;
    // With several accounts the address names the one it shows, so that a link means the same to others.
    redirect({ href: withAccount(location.href, me.account.id), replace: true, throw: true });
  } catch (error) {
    // Signing in again would not make it theirs.
    if (!hasStatus(error, 401) || hasCode(error, 'wrong_account')) throw error;
    redirect({
      to: '/sign-in',
      search: { redirect: location.href },
      replace: true,
      throw: true,
    });
  }
}

function withAccount(href: string, accountId: string): string {
  const url = new URL(href, window.location.origin);
  url.searchParams.set('account', accountId);
  return url.pathname + url.search;
}
