import { START, streamNameFilter } from '@eventstore/db-client';
import type { AllStreamResolvedEvent, AllStreamSubscription } from '@eventstore/db-client';
import { setTimeout as pause } from 'node:timers/promises';
import { decode } from './codec.js';
import { disposeOf } from './connection.js';
import type { EventLog } from './event-log.js';
import type { LogPosition, RecordedEvent } from './recorded-event.js';
import { streamPrefixes } from './streams.js';

export interface EventBatch {
  readonly events: readonly RecordedEvent[];
  /** Everything up to and including this place has been handed out. */
  readonly position: LogPosition;
}

export interface SubscriptionOptions {
  /** The last position already handled. */
  readonly from: LogPosition | 'start';
  /** The most events in one batch. */
  readonly batchSize: number;
  readonly signal: AbortSignal;
  /** Told of each lost connection before the next attempt. */
  readonly onLost?: (error: unknown) => void;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
const BUFFERED_EVENTS = 2_048;
const QUIET_MS = 2_000;

/**
 * A catch-up subscription over all of Keytrail's streams, as batches pulled by the consumer: while one
 * batch is handled, the next collects, and no more than a bounded number of events is read ahead.
 * A lost connection is made again for ever, from the last batch handed out.
 */
export async function* subscribeToEvents(
  log: EventLog,
  { from, batchSize, signal, onLost }: SubscriptionOptions,
): AsyncGenerator<EventBatch, void, undefined> {
  let last = from;
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      for await (const batch of readBatches(log, last, batchSize, signal)) {
        pauseMs = FIRST_PAUSE_MS;
        last = batch.position;
        yield batch;
      }
    } catch (error) {
      onLost?.(error);
    }
    await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

async function* readBatches(
  log: EventLog,
  from: LogPosition | 'start',
  batchSize: number,
  signal: AbortSignal,
): AsyncGenerator<EventBatch, void, undefined> {
  const arrivals = new Arrivals();
  signal.addEventListener('abort', arrivals.end);
  const client = log.connect();
  const subscription = client.subscribeToAll(
    {
      fromPosition: from === 'start' ? START : from,
      deadline: Infinity,
      filter: streamNameFilter({
        prefixes: [...streamPrefixes],
        checkpointInterval: 1,
        checkpointReached: (_, position) => {
          arrivals.checkpoint(position);
        },
      }),
    },
    { highWaterMark: BUFFERED_EVENTS },
  );
  arrivals.follow(subscription);
  let last = from === 'start' ? null : from;
  try {
    while (!arrivals.over) {
      const batch = arrivals.take(subscription, batchSize);
      if (batch) {
        last = batch.position;
        yield batch;
      } else if ((await arrivals.next(QUIET_MS)) === 'quiet') {
        await refuseStall(log, last, arrivals);
      }
    }
  } finally {
    signal.removeEventListener('abort', arrivals.end);
    subscription.destroy();
    await disposeOf(client);
  }
}

/**
 * A connection can be dead without either side knowing it. When the log has newer events and they do
 * not come, this one is.
 */
async function refuseStall(
  log: EventLog,
  last: LogPosition | null,
  arrivals: Arrivals,
): Promise<void> {
  const head = await log.readHead(last);
  if (head === null || (await arrivals.next(QUIET_MS)) === 'arrived') return;
  throw new Error('The subscription has stalled');
}

/** What has come in over one subscription and was not handed out yet. */
class Arrivals {
  private passed: LogPosition | null = null;
  private failure: Error | null = null;
  private ended = false;
  private news = false;
  private wake: (() => void) | null = null;

  /** Whether nothing more will come. @throws what the subscription failed with */
  get over(): boolean {
    if (this.failure) throw this.failure;
    return this.ended;
  }

  follow(subscription: AllStreamSubscription): void {
    subscription.on('readable', this.notify);
    subscription.on('end', this.end);
    subscription.on('close', this.end);
    subscription.on('error', (error) => {
      this.failure = error;
      this.notify();
    });
  }

  /** A checkpoint may run ahead of events still buffered; it counts once those are handed out. */
  checkpoint(position: LogPosition): void {
    this.passed = position;
    this.notify();
  }

  readonly end = (): void => {
    this.ended = true;
    this.notify();
  };

  /** Resolves when something has come, or after so long in which nothing did. */
  async next(quietMs: number): Promise<'arrived' | 'quiet'> {
    if (!this.news) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, quietMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.news ? 'arrived' : 'quiet';
  }

  /** What is there to be handed out, or `null`. */
  take(subscription: AllStreamSubscription, batchSize: number): EventBatch | null {
    this.news = false;
    const events = drain(subscription, batchSize);
    const position = this.reached(subscription, events);
    return position && { events, position };
  }

  private reached(
    subscription: AllStreamSubscription,
    events: readonly RecordedEvent[],
  ): LogPosition | null {
    const last = events.at(-1)?.position ?? null;
    if (subscription.readableLength > 0 || this.passed === null) return last;
    const passed = this.passed;
    this.passed = null;
    return last !== null && last.commit > passed.commit ? last : passed;
  }

  private readonly notify = (): void => {
    this.news = true;
    this.wake?.();
  };
}

function drain(subscription: AllStreamSubscription, batchSize: number): RecordedEvent[] {
  const events: RecordedEvent[] = [];
  while (events.length < batchSize) {
    const resolved = subscription.read() as AllStreamResolvedEvent | null;
    if (resolved === null) break;
    if (resolved.event) events.push(decode(resolved.event, resolved.event.position));
  }
  return events;
}
