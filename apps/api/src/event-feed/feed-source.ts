import { subscribeToEvents } from '@keytrail/event-store';
import type { EventBatch, EventLog, LogPosition } from '@keytrail/event-store';
import type { Logger } from '@keytrail/platform';
import { setTimeout as pause } from 'node:timers/promises';

/** The log as the feed needs it. */
export interface FeedSource {
  /** The place of the newest event, `null` in an empty log. */
  readHead(): Promise<LogPosition | null>;
  /** All events after a place, for ever. */
  subscribe(
    from: LogPosition | 'start',
    signal: AbortSignal,
  ): AsyncIterable<EventBatch, void, undefined>;
  /** Told of each subscription that ended with an error, before the next one. */
  onFailure(error: unknown): void;
}

const BATCH = 500;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

export const feedSource = (log: EventLog, logger: Logger): FeedSource => ({
  readHead: () => log.readHead(null),
  subscribe: (from, signal) =>
    subscribeToEvents(log, {
      from,
      batchSize: BATCH,
      signal,
      onLost: (err) => {
        logger.warn({ err }, 'the feed lost the event log and subscribes again');
      },
    }),
  onFailure: (err) => {
    logger.error({ err }, 'the feed subscribes again');
  },
});

export interface Following {
  /** The last place already taken. */
  readonly from: LogPosition | 'start';
  readonly signal: AbortSignal;
  readonly take: (batch: EventBatch) => void;
}

/**
 * Hands on all events after a place until it is aborted. After a failure, the subscription's or that
 * of `take`, it goes on with a new subscription from the last batch that was taken whole.
 */
export async function followLog(
  source: FeedSource,
  { from, signal, take }: Following,
): Promise<void> {
  let last = from;
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      for await (const batch of source.subscribe(last, signal)) {
        take(batch);
        last = batch.position;
        pauseMs = FIRST_PAUSE_MS;
      }
    } catch (error) {
      source.onFailure(error);
    }
    await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}
