import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useState } from 'react';
import type { Subject } from '../api/queries.js';
import { useSession } from '../session/session.js';
import { affectedBy, everything } from './affected.js';
import { type FeedState, openFeed } from './feed.js';
import { useAwaySince } from '../api/reachable.js';
import { Refresher } from './refresher.js';

const POLL_MS = 1_500;

const LiveContext = createContext<FeedState>('connecting');

/** Whether changes made elsewhere arrive by the feed at the moment. */
export const useLiveState = (): FeedState => use(LiveContext);

/**
 * Keeps every list on the page current: by the event feed, and by asking every 1.5 s while the feed is
 * not there or a list was not answered, which the feed may well outlive. Nothing runs in a hidden tab, so
 * that many tabs do not use up the browser's connections.
 */
export function LiveUpdates({ children }: { readonly children: React.ReactNode }) {
  const client = useQueryClient();
  const { accountId } = useSession();
  const isVisible = useVisible();
  const [state, setState] = useState<FeedState>('connecting');
  const isAway = useAwaySince() !== null;

  useEffect(() => {
    if (!isVisible) return;
    const refresher = new Refresher((subjects) => {
      refresh(client, subjects);
    });
    const feed = openFeed({
      accountId,
      onEvent: ({ type }) => {
        refresher.add(affectedBy(type));
      },
      onState: (next) => {
        setState(next);
        if (next === 'live') refresher.add(everything);
      },
    });
    return () => {
      feed.close();
      refresher.stop();
    };
  }, [client, accountId, isVisible]);

  useEffect(() => {
    if (!isVisible || (state === 'live' && !isAway)) return;
    const timer = setInterval(() => {
      refresh(client, new Set(everything));
    }, POLL_MS);
    return () => {
      clearInterval(timer);
    };
  }, [client, isVisible, state, isAway]);

  return <LiveContext value={state}>{children}</LiveContext>;
}

function refresh(client: QueryClient, subjects: ReadonlySet<Subject>): void {
  // A query still under way is left to finish, so that a slow answer is never starved by the next refresh.
  void client.invalidateQueries(
    { predicate: ({ queryKey }) => subjects.has(queryKey[0] as Subject) },
    { cancelRefetch: false },
  );
}

function useVisible(): boolean {
  const [isVisible, setVisible] = useState(() => document.visibilityState === 'visible');
  useEffect(() => {
    const update = (): void => {
      setVisible(document.visibilityState === 'visible');
    };
    document.addEventListener('visibilitychange', update);
    return () => {
      document.removeEventListener('visibilitychange', update);
    };
  }, []);
  return isVisible;
}
