import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, hasStatus } from '../api/problem.js';

const RETRIES = 2;

const mayHelp = (error: unknown): boolean =>
  !(error instanceof ApiError) || error.status === 0 || error.status >= 500;

let signedOut = (): void => undefined;

/** Calls back when any answer says that the session has ended. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      if (query.queryKey[0] !== 'session' && hasStatus(error, 401)) signedOut();
    },
  }),
  defaultOptions: {
    queries: { retry: (failures, error) => failures < RETRIES && mayHelp(error) },
    mutations: { retry: false },
  },
});
