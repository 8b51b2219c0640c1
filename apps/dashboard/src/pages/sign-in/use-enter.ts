import { useRouter, useSearch } from '@tanstack/react-router';
import { queryClient } from '../../api/query-client.js';

/** Goes on to the address that asked for signing in; only ever to a page of this site. */
export function useEnter(): () => Promise<void> {
  const router = useRouter();
  const { redirect } = useSearch({ strict: false });
  return async () => {
    queryClient.clear();
    await router.navigate({ href: localAddress(redirect), replace: true });
  };
}

function localAddress(address = '/'): string {
  const url = new URL(address, window.location.origin);
  return url.origin === window.location.origin ? url.pathname + url.search : '/';
}
