import { streamFamilies, type StreamFamily } from '@keytrail/domain';
import { Arrivals } from './arrivals.js';
import { disposeOf } from './connection.js';
import type { EventLog } from './event-log.js';
import type { Progress, RecordedEvent } from './recorded-event.js';
import { openSubscription, startOf } from './subscription.js';

export interface FollowOptions {
  /** How far the log is known already. */
  readonly from: Progress;
  readonly signal: AbortSignal;
}

const BATCH_SIZE = 500;
const QUIET_MS = 60_000;

/**
 * The events of one family of streams after a place in the log, as they come, in batches. Of events of
 * other families nothing is told, so that a connection which is dead without either side knowing it looks
 * like a quiet one: whoever goes by what it has not heard needs another proof. Ends when the signal is aborted.
 *
 * @throws EventLogError `event_log_mismatch`, `event_log_unavailable`; errors of the client when the
 *   connection is lost
 */
export async function* followStreams(
  log: EventLog,
  family: StreamFamily,
  { from, signal }: FollowOptions,
): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
  const start = await startOf(log, from);
  const arrivals = new Arrivals();
  const client = log.connect();
  const end = openSubscription(client, arrivals, {
    start,
    prefixes: [streamFamilies[family]],
    signal,
  });
  try {
    while (!arrivals.over) {
      const events = arrivals.take(BATCH_SIZE);
      if (events.length > 0) yield events;
      else await arrivals.next(QUIET_MS);
    }
    if (!signal.aborted) throw new Error('The subscription has ended');
  } finally {
    end();
    await disposeOf(client);
  }
}
