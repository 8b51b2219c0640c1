import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, hasCode, isAway, isSessionOver } from './problem.js';

const RETRIES = 2;

const mayHelp = (error: unknown): boolean =>
  !(error instanceof ApiError) || isAway(error.status) || error.status >= 500;

interface AccessListeners {
  /** The session has ended. */
  readonly onSessionOver: () => void;
  /** The person is not in this account any more. */
  readonly onAccountLost: () => void;
}

let listeners: AccessListeners | undefined;

/** Calls back when any answer says that what is shown may be shown no longer. */
export function onAccessLost(next: AccessListeners): void {
  listeners = next;
}

function noteRefusal(error: unknown): void {
  if (isSessionOver(error)) listeners?.onSessionOver();
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      noteRefusal(error);
      if (query.queryKey[0] !== 'session' && hasCode(error, 'wrong_account'))
        listeners?.onAccountLost();
    },
  }),
  mutationCache: new MutationCache({ onError: noteRefusal }),
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
