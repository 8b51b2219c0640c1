import { streamPrefixes } from '@keytrail/domain';
import { type EventStoreDBClient, START, streamNameFilter } from '@eventstore/db-client';
import { Arrivals } from './arrivals.js';
import { disposeOf } from './connection.js';
import type { EventLog } from './event-log.js';
import { placeOf } from './head.js';
import { compareProgress } from './position.js';
import type { LogPosition, Progress, RecordedEvent } from './recorded-event.js';

export interface EventBatch {
  readonly events: readonly RecordedEvent[];
  /** All of Keytrail's events up to here have been handed out. */
  readonly progress: Progress;
}

export interface SubscriptionOptions {
  /** How far the log was handled already. */
  readonly from: Progress;
  /** The most events in one batch. */
  readonly batchSize: number;
  readonly signal: AbortSignal;
}

/** Before all events. */
export const BEGINNING: Progress = { last: null, searched: null };

const BUFFERED_EVENTS = 2_048;
const QUIET_MS = 1_000;
/** How many events the server looks at in one step; others' may be many. */
const SEARCH_WINDOW = 512;

/**
 * A catch-up subscription over all of Keytrail's streams, as batches pulled by the consumer: while one
 * batch is handled, the next collects, and no more than a bounded number of events is read ahead. It
 * begins in no other log than the one in which its beginning was seen. The server's checkpoints are not
 * listened to: what they say of a quiet log differs between versions, and may be no place in it at all.
 * Ends when the signal is aborted.
 *
 * @throws EventLogError `event_log_mismatch`, `event_log_unavailable`; errors of the client when the
 *   connection is lost. Whoever wants to go on subscribes again from the last batch handled.
 */
export async function* subscribeToEvents(
  log: EventLog,
  { from, batchSize, signal }: SubscriptionOptions,
): AsyncGenerator<EventBatch, void, undefined> {
  const start = await startOf(log, from);
  const arrivals = new Arrivals();
  const client = log.connect();
  const end = openSubscription(client, arrivals, { start, prefixes: streamPrefixes, signal });
  let progress = from;
  try {
    while (!arrivals.over) {
      const events = arrivals.take(batchSize);
      const last = events.at(-1);
      if (last) {
        progress = { last: { position: last.position, eventId: last.id }, searched: null };
        yield { events, progress };
      } else if ((await arrivals.next(QUIET_MS)) === 'quiet') {
        const looked = await lookAhead(log, progress, arrivals);
        if (looked) yield { events: [], progress: (progress = looked) };
      }
    }
    if (!signal.aborted) throw new Error('The subscription has ended');
  } finally {
    end();
    await disposeOf(client);
  }
}

interface Subscribing {
  /** After which place; `null` for all there is. */
  readonly start: LogPosition | null;
  /** Of the names of the streams. */
  readonly prefixes: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Lets the events of some streams arrive until the signal is aborted.
 *
 * @returns what ends it
 */
export function openSubscription(
  client: EventStoreDBClient,
  arrivals: Arrivals,
  { start, prefixes, signal }: Subscribing,
): () => void {
  // An abort that was before makes no event any more.
  if (signal.aborted) arrivals.end();
  signal.addEventListener('abort', arrivals.end);
  const subscription = client.subscribeToAll(
    {
      fromPosition: start ?? START,
      deadline: Infinity,
      filter: streamNameFilter({ prefixes: [...prefixes], maxSearchWindow: SEARCH_WINDOW }),
    },
    { highWaterMark: BUFFERED_EVENTS },
  );
  arrivals.follow(subscription);
  return () => {
    signal.removeEventListener('abort', arrivals.end);
    subscription.destroy();
  };
}

/**
 * From where to subscribe: the place up to which the log was searched, when that event is still there,
 * and the last event handled otherwise.
 *
 * @throws EventLogError `event_log_mismatch`
 */
export async function startOf(log: EventLog, from: Progress): Promise<LogPosition | null> {
  await log.verify(from);
  const { last, searched } = from;
  return searched && (await log.holds(searched)) ? searched.position : (last?.position ?? null);
}

/**
 * Nothing came for a while: whether there is nothing, or the connection is dead without either side
 * knowing it, the log itself tells.
 *
 * @returns the progress that this look brings, when it brings any
 */
async function lookAhead(
  log: EventLog,
  progress: Progress,
  arrivals: Arrivals,
): Promise<Progress | null> {
  const head = await log.head(progress);
  if (compareProgress(head, progress) > 0) {
    if ((await arrivals.next(QUIET_MS)) === 'arrived') return null;
    throw new Error('The subscription has stalled');
  }
  await log.verify(progress);
  return head.searched && head.searched.eventId !== placeOf(progress)?.eventId
    ? { last: progress.last, searched: head.searched }
    : null;
}
