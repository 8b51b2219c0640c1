import { EventLogError, formatPosition } from '@keytrail/event-store';
import type { EventBatch, Progress, RecordedEvent } from '@keytrail/event-store';
import { Gatherer, withDeadline } from '@keytrail/platform';
import { limits } from '../http/limits.js';
import { Channel } from './channel.js';
import { fromLog } from './envelope.js';
import { BEFORE_ALL } from '../events/feed-position.js';
import { followLog } from './feed-source.js';
import type { FeedSource } from './feed-source.js';

export interface TailOptions {
  /** The most events kept for all accounts together. */
  readonly maxKept: number;
  /** How large they may be together, in characters. */
  readonly maxKeptSize: number;
  /** How long an account's events are kept after its last follower left, so that it can come back. */
  readonly lingerMs: number;
  /** How long somebody waits for what is in the log to arrive. */
  readonly reachMs: number;
}

const { maxKept, maxKeptSize } = limits.feed;
const OPTIONS: TailOptions = { maxKept, maxKeptSize, lingerMs: 60_000, reachMs: 5_000 };

interface Followed {
  readonly channel: Channel;
  followers: number;
  lingering?: NodeJS.Timeout;
}

interface Waiter {
  readonly position: string;
  resolve: () => void;
}

/**
 * The one subscription of this process to the log, for all subscribers of the feed: what arrives is
 * kept once per followed account, in bounded memory, and pulled from there by its followers.
 */
export class LiveTail {
  private readonly followed = new Map<string, Followed>();
  private readonly waiters = new Set<Waiter>();
  private readonly stopping = new AbortController();
  private readonly heads: Gatherer<null, Progress>;
  private readonly options: TailOptions;
  private running: Promise<void> | null = null;
  /** All events kept, in the order of the log. */
  private kept: { readonly position: string; readonly size: number }[] = [];
  private keptSize = 0;
  /** Every event up to here has been handed out, and this is the place of one of them. */
  private newestEvent = BEFORE_ALL;

  constructor(
    private readonly source: FeedSource,
    options: Partial<TailOptions> = {},
  ) {
    this.options = { ...OPTIONS, ...options };
    this.heads = new Gatherer(async (asked) => {
      const head = await source.readHead();
      return asked.map(() => head);
    }, limits.logHeads);
  }

  get newest(): string {
    return this.newestEvent;
  }

  /**
   * Waits until all has arrived that was in the log when it was asked, and tells up to where that is.
   *
   * @throws EventLogError `event_log_unavailable`, also when this process is stopping
   */
  async catchUp(): Promise<string> {
    // The server still accepts while the application stops; whoever comes back then is not to wait.
    if (this.stopping.signal.aborted) throw unavailable('This process is stopping');
    const head = await this.heads.add(null);
    const position = head.last ? formatPosition(head.last.position) : BEFORE_ALL;
    this.start(head, position);
    if (this.newestEvent < position) await this.reach(position);
    return position;
  }

  /** How many wait for events that are in the log and have not arrived. */
  get waiting(): number {
    return this.waiters.size;
  }

  /** The events of an account from now on; call `catchUp` before and `leave` after. */
  follow(accountId: string): Channel {
    const followed = this.followed.get(accountId) ?? this.open(accountId);
    followed.followers += 1;
    clearTimeout(followed.lingering);
    return followed.channel;
  }

  leave(accountId: string): void {
    const followed = this.followed.get(accountId);
    if (!followed) return;
    followed.followers -= 1;
    if (followed.followers > 0) return;
    followed.lingering = setTimeout(() => {
      this.followed.delete(accountId);
    }, this.options.lingerMs).unref();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    for (const { lingering } of this.followed.values()) clearTimeout(lingering);
    await this.running;
  }

  private async reach(position: string): Promise<void> {
    const waiter: Waiter = { position, resolve: () => undefined };
    const reached = new Promise<void>((resolve) => {
      waiter.resolve = resolve;
    });
    this.waiters.add(waiter);
    try {
      await withDeadline(reached, this.options.reachMs, silent);
    } finally {
      this.waiters.delete(waiter);
    }
  }

  private open(accountId: string): Followed {
    const followed = { channel: new Channel(this.newestEvent), followers: 0 };
    this.followed.set(accountId, followed);
    return followed;
  }

  private start(head: Progress, position: string): void {
    if (this.running) return;
    this.newestEvent = position;
    this.running = followLog(this.source, {
      from: head,
      signal: this.stopping.signal,
      take: (batch) => {
        this.handOut(batch);
      },
    });
  }

  private handOut({ events }: EventBatch): void {
    const touched = new Set<Channel>();
    for (const event of events) {
      const at = formatPosition(event.position);
      // A batch that failed half-way comes again whole.
      if (at <= this.newestEvent) continue;
      const channel = this.addToChannel(event);
      if (channel) touched.add(channel);
      this.newestEvent = at;
    }
    const { maxKept, maxKeptSize } = this.options;
    while (this.kept.length > maxKept || this.keptSize > maxKeptSize) this.forgetOldest();
    for (const channel of touched) channel.wake();
    for (const waiter of this.waiters) {
      if (waiter.position <= this.newestEvent) waiter.resolve();
    }
  }

  private addToChannel(event: RecordedEvent): Channel | null {
    const { accountId } = event.data;
    if (typeof accountId !== 'string') return null;
    const channel = this.followed.get(accountId)?.channel;
    if (!channel) return null;
    try {
      const item = fromLog(event, accountId);
      channel.add(item);
      const size = item.json.length;
      this.kept.push({ position: item.position, size });
      this.keptSize += size;
    } catch {
      // Not skipped: its readers look for it in the audit trail, where it fails for them alone.
      channel.beginAfter(formatPosition(event.position));
    }
    return channel;
  }

  /** Drops the oldest quarter, whomever it belongs to; who still needs it reads it from the audit trail. */
  private forgetOldest(): void {
    const count = Math.ceil(this.kept.length / 4);
    const forgotten = this.kept.splice(0, count);
    const cutoff = forgotten.at(-1)?.position ?? BEFORE_ALL;
    this.keptSize -= forgotten.reduce((sum, { size }) => sum + size, 0);
    for (const { channel } of this.followed.values()) channel.forget(cutoff);
  }
}

const unavailable = (message: string): EventLogError =>
  new EventLogError('event_log_unavailable', message);

const silent = (): EventLogError =>
  unavailable('The event log does not hand out its events in time');
