import { type ParsedLocation, redirect } from '@tanstack/react-router';
import { sessionQuery } from '../api/queries.js';
import { queryClient } from '../api/query-client.js';

interface Loading {
  readonly location: ParsedLocation;
  readonly search: { readonly account?: string | undefined };
}

/** Lets only signed-in people through; the others sign in first and then come back to the same address. */
export async function loadSession({ location, search }: Loading): Promise<void> {
  const query = { ...sessionQuery(search.account), staleTime: 'static' } as const;
  const { session } = await queryClient.query(query);
  if (session === null) {
    queryClient.removeQueries({ queryKey: ['session'] });
    redirect({
      to: '/sign-in',
      search: { redirect: location.href },
      replace: true,
      throw: true,
    });
  } else if (session.accounts.length > 1 && search.account === undefined) {
    // With several accounts the address names the one it shows, so that a link means the same to others.
    redirect({ href: withAccount(location.href, session.account.id), replace: true, throw: true });
  }
}

function withAccount(href: string, accountId: string): string {
  const url = new URL(href, window.location.origin);
  url.searchParams.set('account', accountId);
  return url.pathname + url.search;
}
