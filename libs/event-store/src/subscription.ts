import { START, streamNameFilter } from '@eventstore/db-client';
import type { AllStreamResolvedEvent, AllStreamSubscription } from '@eventstore/db-client';
import { setTimeout as pause } from 'node:timers/promises';
import { decode } from './codec.js';
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
  const arrivals = new Arrivals(signal);
  const subscription = log.connection.subscribeToAll(
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
  try {
    for (;;) {
      const batch = await arrivals.take(subscription, batchSize);
      if (batch === null) return;
      yield batch;
    }
  } finally {
    await subscription.unsubscribe().catch(() => undefined);
    subscription.destroy();
  }
}

/** What has come in over one subscription and was not handed out yet. */
class Arrivals {
  private passed: LogPosition | null = null;
  private failure: unknown = null;
  private ended = false;
  private wake: (() => void) | null = null;

  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener('abort', () => {
      this.end();
    });
  }

  follow(subscription: AllStreamSubscription): void {
    const notify = (): void => {
      this.wake?.();
    };
    subscription.on('readable', notify);
    subscription.on('end', () => {
      this.end();
    });
    subscription.on('close', () => {
      this.end();
    });
    subscription.on('error', (error) => {
      this.failure = error;
      this.end();
    });
  }

  /** A checkpoint may run ahead of events still buffered; it counts once those are handed out. */
  checkpoint(position: LogPosition): void {
    this.passed = position;
    this.wake?.();
  }

  async take(subscription: AllStreamSubscription, batchSize: number): Promise<EventBatch | null> {
    for (;;) {
      const events = this.signal.aborted ? [] : drain(subscription, batchSize);
      const position = this.reached(subscription, events);
      if (position) return { events, position };
      if (this.failure !== null)
        throw this.failure instanceof Error ? this.failure : new Error('lost');
      if (this.ended) return null;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      this.wake = null;
    }
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

  private end(): void {
    this.ended = true;
    this.wake?.();
  }
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
