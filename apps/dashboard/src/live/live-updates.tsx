import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useState, useSyncExternalStore } from 'react';
import { ApiError, isAway } from '../api/problem.js';
import type { Subject } from '../api/queries.js';
import { useAwaySince } from '../api/reachable.js';
import { useSession } from '../session/session.js';
import { affectedBy, everything } from './affected.js';
import { joinFeed } from './feed.js';
import type { FeedState } from './feed-hub.js';
import { Refresher } from './refresher.js';
import { Ticker } from './ticker.js';

const POLL_MS = 1_500;

interface Live {
  readonly state: FeedState;
  readonly ticker: Ticker;
}

const LiveContext = createContext<Live>({ state: 'connecting', ticker: new Ticker() });

/** Whether changes made elsewhere arrive by the feed at the moment. */
export function useLiveState(): FeedState {
  const { state } = use(LiveContext);
  // A feed may well be open for a while after the service has stopped answering.
  return useAwaySince() === null ? state : 'lost';
}

/** Ticks whenever there may be news of the account, and now and then when there is none. */
export const useTicker = (): Ticker => use(LiveContext).ticker;

/**
 * Keeps every list on the page current: by the event feed, and by asking every 1.5 s while the feed is
 * not there or a list was not answered, which the feed may well outlive. Nothing runs in a hidden tab.
 */
export function LiveUpdates({ children }: { readonly children: React.ReactNode }) {
  const client = useQueryClient();
  const { accountId } = useSession();
  const isVisible = useVisible();
  const [state, setState] = useState<FeedState>('connecting');
  const [ticker] = useState(() => new Ticker());
  const isAway = useAwaySince() !== null;
  const hasFailed = useHasFailed(client);

  useEffect(() => {
    if (!isVisible) return;
    const refresher = new Refresher((subjects) => {
      refresh(client, subjects);
    });
    const leave = joinFeed(accountId, (news) => {
      if (news.kind === 'event') refresher.add(affectedBy(news.type));
      if (news.kind === 'state') {
        setState(news.state);
        if (news.state !== 'connecting') refresher.add(everything);
      }
      ticker.tick();
    });
    return () => {
      leave();
      refresher.stop();
    };
  }, [client, accountId, isVisible, ticker]);

  useEffect(() => {
    if (!isVisible || (state === 'live' && !isAway && !hasFailed)) return;
    const timer = setInterval(() => {
      refresh(client, new Set(everything));
      ticker.tick();
    }, POLL_MS);
    return () => {
      clearInterval(timer);
    };
  }, [client, isVisible, state, isAway, hasFailed, ticker]);

  return <LiveContext value={{ state, ticker }}>{children}</LiveContext>;
}

const hasPassingError = ({ error }: { readonly error: Error | null }): boolean =>
  error instanceof ApiError && isAway(error.status);

/** Asks again for what has changed, and for all that was not answered. */
function refresh(client: QueryClient, subjects: ReadonlySet<Subject>): void {
  // A query still under way is left to finish, so that a slow answer is never starved by the next refresh.
  void client.invalidateQueries(
    {
      predicate: ({ queryKey, state }) =>
        subjects.has(queryKey[0] as Subject) || hasPassingError(state),
    },
    { cancelRefetch: false },
  );
}

/** Whether anything that is shown was not answered when it was last asked for. */
function useHasFailed(client: QueryClient): boolean {
  const cache = client.getQueryCache();
  return useSyncExternalStore(
    (listener) => cache.subscribe(listener),
    () => cache.findAll({ type: 'active' }).some(({ state }) => hasPassingError(state)),
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
