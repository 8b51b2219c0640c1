import type { FeedItem } from './envelope.js';

/** Under load subscribers get several events with one write instead of one write for each. */
const GATHER_MS = 20;

/** How much is taken at most. */
export interface Bounds {
  /** How many events, 1 or more. */
  readonly limit: number;
  /** After how many characters no further event is added. */
  readonly size: number;
}

export interface Taken {
  readonly items: readonly FeedItem[];
  /** Everything up to here has been looked at. */
  readonly position: string;
}

/** The newest events of one account, kept once for all who follow it. */
export class Channel {
  private items: FeedItem[] = [];
  private readonly waiting = new Set<() => void>();
  private waking: NodeJS.Timeout | undefined;
  private wokenAt = -GATHER_MS;

  /** @param since every event of the account after this position is here */
  constructor(private since: string) {}

  /** Before this position others have to be asked. */
  get completeSince(): string {
    return this.since;
  }

  add(item: FeedItem): void {
    this.items.push(item);
  }

  /** Forgets everything: what comes up to and with this position has to be asked for elsewhere. */
  beginAfter(position: string): void {
    this.since = position;
    this.items = [];
  }

  /** Forgets all events up to a position. */
  forget(position: string): void {
    const count = this.indexAfter(position);
    // Only events up to the last forgotten one are lost: readers who are past it go on.
    this.since = this.items[count - 1]?.position ?? this.since;
    this.items = this.items.slice(count);
  }

  /**
   * The accepted events after a position, within bounds; `null` when some of them are not here.
   *
   * @param newest the position up to which the whole log is known
   */
  take(
    after: string,
    newest: string,
    { limit, size }: Bounds,
    accepts: (item: FeedItem) => boolean,
  ): Taken | null {
    if (after < this.since) return null;
    const items: FeedItem[] = [];
    let left = size;
    for (let index = this.indexAfter(after); index < this.items.length; index += 1) {
      const item = this.items[index];
      if (!item || !accepts(item)) continue;
      items.push(item);
      left -= item.json.length;
      if (items.length === limit || left <= 0) return { items, position: item.position };
    }
    return { items, position: newest > after ? newest : after };
  }

  /** Resolves with the next event, or when the time is over. */
  changed(timeoutMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      signal.addEventListener('abort', done, { once: true });
      this.waiting.add(done);
      if (signal.aborted) done();
    });
  }

  /** Wakes who waits: at once, but not more often than every few milliseconds. */
  wake(): void {
    if (this.waking) return;
    const restMs = this.wokenAt + GATHER_MS - performance.now();
    if (restMs <= 0) this.wakeNow();
    else this.waking = setTimeout(this.wakeNow, restMs);
  }

  private readonly wakeNow = (): void => {
    this.waking = undefined;
    this.wokenAt = performance.now();
    for (const done of [...this.waiting]) done();
  };

  /** The index of the first event after a position: they are in order, so by bisection. */
  private indexAfter(position: string): number {
    let low = 0;
    let high = this.items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.items[middle]?.position ?? '') > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
