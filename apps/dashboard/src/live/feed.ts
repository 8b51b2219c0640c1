import { sessionEvents } from '@keytrail/sdk';
import type { EventFeed, FeedEvent } from '@keytrail/sdk';

/** How long a feed that was refused is left alone: the page that shows it may be about to go. */
const REFUSED_MS = 15_000;

export type FeedState = 'connecting' | 'live' | 'lost';

interface FeedOptions {
  readonly accountId: string;
  /** Event types of the feed, separated by commas; all of them when left out. */
  readonly types?: string | undefined;
  /** `start` replays from the first event; left out, the feed starts now. */
  readonly from?: string | undefined;
  readonly onEvent: (event: FeedEvent) => void;
  /** The position up to which the feed is known to be complete. */
  readonly onPosition?: (position: string) => void;
  readonly onState: (state: FeedState) => void;
}

/** Follows the account's event feed, resuming after the last event by itself, until it is closed. */
export function openFeed(options: FeedOptions): { readonly close: () => void } {
  const closing = new AbortController();
  void follow(options, closing.signal);
  return {
    close: () => {
      closing.abort();
    },
  };
}

async function follow(options: FeedOptions, signal: AbortSignal): Promise<void> {
  options.onState('connecting');
  let feed: EventFeed | undefined;
  while (!signal.aborted) {
    try {
      feed ??= feedFor(options, signal);
      for await (const event of feed) {
        options.onEvent(event);
        options.onPosition?.(event.position);
      }
    } catch {
      options.onState('lost');
      await pause(REFUSED_MS, signal);
    }
  }
}

const feedFor = (
  { accountId, types, from, onPosition, onState }: FeedOptions,
  signal: AbortSignal,
): EventFeed =>
  sessionEvents(
    { baseUrl: window.location.origin, account: accountId },
    {
      from,
      types: types?.split(','),
      maxRetries: Number.MAX_SAFE_INTEGER,
      signal,
      onConnect: () => {
        onState('live');
      },
      onReconnect: () => {
        onState('lost');
      },
      onHeartbeat: onPosition,
    },
  );

const pause = (ms: number, closed: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    closed.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
