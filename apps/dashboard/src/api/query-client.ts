import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, hasStatus } from './problem.js';
import { setReachable } from './reachable.js';

const RETRIES = 2;

const mayHelp = (error: unknown): boolean =>
  !(error instanceof ApiError) || error.status === 0 || error.status >= 500;

/** Not reached at all, or only as far as a proxy before it or a process that cannot serve yet. */
const isAway = (error: unknown): boolean =>
  [0, 502, 503, 504].some((status) => hasStatus(error, status));

let signedOut = (): void => undefined;

/** Calls back when any answer says that the session has ended. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onSuccess: () => {
      setReachable(true);
    },
    onError: (error, query) => {
      setReachable(!isAway(error));
      if (query.queryKey[0] !== 'session' && hasStatus(error, 401)) signedOut();
    },
  }),
  defaultOptions: {
    // The service is often on this very machine or network, which the browser's `onLine` knows nothing of.
    queries: {
      networkMode: 'always',
      retry: (failures, error) => failures < RETRIES && mayHelp(error),
    },
    // A change that waits for the network would happen later, when nobody expects it any more.
    mutations: { networkMode: 'always', retry: false },
  },
});
