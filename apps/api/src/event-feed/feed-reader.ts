import type { Bounds, Channel, Taken } from './channel.js';
import type { FeedItem } from './envelope.js';
import type { History } from './history.js';
import type { LiveTail } from './live-tail.js';

/** How many events of the past are read at a time: about as many as fit into one write. */
const PAST_READ = 64;

export interface Subscription {
  readonly accountId: string;
  /** The last position the subscriber has. */
  readonly after: string;
  /** The log's event types to hand out; all when left out. */
  readonly logTypes?: ReadonlySet<string> | undefined;
  readonly signal: AbortSignal;
  /** By which event the subscriber loses the right to read: nothing that follows is handed out. */
  readonly isLast?: (item: FeedItem) => boolean;
}

/**
 * One subscriber's place in its account's events. It pulls: from memory where the live tail still has
 * what comes next, from the audit trail where it has not. Each event is handed out once, in order.
 */
export class FeedReader {
  private at: string;
  private readonly channel: Channel;
  private hasEnded = false;
  private hasReadPast = false;

  constructor(
    private readonly tail: LiveTail,
    private readonly history: Pick<History, 'read'>,
    private readonly subscription: Subscription,
  ) {
    this.at = subscription.after;
    this.channel = tail.follow(subscription.accountId);
  }

  /** All events of the account up to here, as far as they were asked for, have been handed out. */
  get position(): string {
    return this.at;
  }

  /** Whether the event has come by which the subscriber loses the right to read. */
  get isOver(): boolean {
    return this.hasEnded;
  }

  /** Whether some of what was handed out last may have happened after the right to read was lost. */
  get isDoubtful(): boolean {
    return this.hasReadPast && !this.hasEnded;
  }

  /**
   * The next events, all that there are within bounds, or the first that happen within `waitMs`.
   *
   * @param endsWait which events are worth an answer before the time is over
   */
  async next(
    { limit, size }: Bounds,
    waitMs: number,
    endsWait: (item: FeedItem) => boolean = () => true,
  ): Promise<readonly FeedItem[]> {
    const { signal } = this.subscription;
    const giveUpAt = performance.now() + waitMs;
    const items: FeedItem[] = [];
    let left = { limit, size };
    this.hasReadPast = false;
    while (left.limit > 0 && left.size > 0 && !this.hasEnded) {
      const live = this.takeLive(left);
      const taken = live ?? (await this.takePast(left));
      this.at = taken.position;
      items.push(...taken.items);
      left = { limit: limit - items.length, size: left.size - sizeOf(taken.items) };
      // After events of the past the loop goes on in memory: a page is short only at the feed's end.
      if (!live) {
        this.hasReadPast = true;
        continue;
      }
      if (this.isOver) break;
      const leftMs = giveUpAt - performance.now();
      if (items.some(endsWait) || leftMs <= 0 || signal.aborted) break;
      await this.channel.changed(leftMs, signal);
    }
    return items;
  }

  close(): void {
    this.tail.leave(this.subscription.accountId);
  }

  private takeLive(bounds: Bounds): Taken | null {
    const { logTypes, isLast } = this.subscription;
    return this.channel.take(this.at, this.tail.newest, bounds, (item) => {
      if (this.hasEnded) return false;
      this.hasEnded = isLast?.(item) ?? false;
      return logTypes?.has(item.logType) ?? true;
    });
  }

  private async takePast({ limit, size }: Bounds): Promise<Taken> {
    const { accountId, logTypes, signal } = this.subscription;
    const until = this.channel.completeSince;
    const most = Math.min(limit, PAST_READ);
    const query = { accountId, after: this.at, until, logTypes, limit: most, signal };
    return beginningOf(await this.history.read(query), size);
  }
}

const sizeOf = (items: readonly FeedItem[]): number =>
  items.reduce((sum, { json }) => sum + json.length, 0);

/** What was taken up to the event with which it is large enough. */
function beginningOf(taken: Taken, size: number): Taken {
  let left = size;
  const last = taken.items.find(({ json }) => (left -= json.length) <= 0);
  if (!last) return taken;
  return { items: taken.items.slice(0, taken.items.indexOf(last) + 1), position: last.position };
}
