import { sessionEvents } from '@keytrail/sdk';
import type { EventFeed } from '@keytrail/sdk';

export type FeedState = 'connecting' | 'live' | 'lost';

/** What those who follow an account's feed are told. */
export type FeedNews =
  | { readonly kind: 'state'; readonly state: FeedState }
  | { readonly kind: 'event'; readonly type: string }
  /** All that happened up to now has been told. */
  | { readonly kind: 'complete' };

export type FeedListener = (news: FeedNews) => void;

/** How long a feed that was refused is left alone: the page that shows it may be about to go. */
const REFUSED_MS = 15_000;
/** A browser has six connections for all pages of a server, on HTTP/1.1. */
const MOST_FEEDS = 2;

/**
 * Follows each account's event feed once for all who want it, from the first who joins until the last has
 * left. Of more than two accounts at once the later ones wait: to those who follow them the feed is lost.
 */
export class FeedHub {
  private readonly feeds = new Map<string, SharedFeed>();

  /** @returns leaves again */
  join(accountId: string, listener: FeedListener): () => void {
    const feed = this.feeds.get(accountId) ?? new SharedFeed(accountId);
    this.feeds.set(accountId, feed);
    feed.listeners.add(listener);
    listener({ kind: 'state', state: feed.state });
    this.openFirst();
    return () => {
      feed.listeners.delete(listener);
      if (feed.listeners.size > 0 || this.feeds.get(accountId) !== feed) return;
      this.feeds.delete(accountId);
      feed.close();
      this.openFirst();
    };
  }

  private openFirst(): void {
    for (const [index, feed] of [...this.feeds.values()].entries()) {
      if (index < MOST_FEEDS) feed.open();
      else feed.wait();
    }
  }
}

class SharedFeed {
  readonly listeners = new Set<FeedListener>();
  state: FeedState = 'connecting';
  private readonly closing = new AbortController();
  private isOpen = false;

  constructor(private readonly accountId: string) {}

  open(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    void this.follow();
  }

  wait(): void {
    this.setState('lost');
  }

  close(): void {
    this.closing.abort();
  }

  private async follow(): Promise<void> {
    const { signal } = this.closing;
    const feed = this.newFeed();
    while (!signal.aborted) {
      try {
        for await (const { type } of feed) this.tell({ kind: 'event', type });
      } catch {
        this.setState('lost');
        await pause(REFUSED_MS, signal);
      }
    }
  }

  /** It resumes after the last event by itself. */
  private newFeed(): EventFeed {
    return sessionEvents(
      { baseUrl: globalThis.location.origin, account: this.accountId },
      {
        maxRetries: Number.MAX_SAFE_INTEGER,
        signal: this.closing.signal,
        onConnect: () => {
          this.setState('live');
        },
        onReconnect: () => {
          this.setState('lost');
        },
        onHeartbeat: () => {
          this.tell({ kind: 'complete' });
        },
      },
    );
  }

  private setState(state: FeedState): void {
    if (state === this.state) return;
    this.state = state;
    this.tell({ kind: 'state', state });
  }

  private tell(news: FeedNews): void {
    for (const listener of this.listeners) listener(news);
  }
}

const pause = (ms: number, closed: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    closed.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
