import { subscribeToEvents } from '@keytrail/event-store';
import type { EventBatch, EventLog, Progress } from '@keytrail/event-store';
import type { Logger } from '@keytrail/platform';
import { setTimeout as pause } from 'node:timers/promises';
import type { LogHead } from '../stores/log-head.js';

/** The log as the feed needs it. */
export interface FeedSource {
  /** Where the newest event stands that anybody may have had acknowledged. */
  readHead(): Promise<Progress>;
  /** All events after a place, until the signal is aborted or the connection is lost. */
  subscribe(from: Progress, signal: AbortSignal): AsyncIterable<EventBatch, void, undefined>;
  /** Told of each subscription that ended with an error, before the next one. */
  onFailure(error: unknown): void;
}

const BATCH = 500;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

export const feedSource = (log: EventLog, head: LogHead, logger: Logger): FeedSource => ({
  readHead: () => head.read(),
  subscribe: (from, signal) => subscribeToEvents(log, { from, batchSize: BATCH, signal }),
  onFailure: (err) => {
    logger.warn({ err }, 'the feed lost the event log and subscribes again');
  },
});

export interface Following {
  /** The last place already taken. */
  readonly from: Progress;
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
        last = batch.progress;
        pauseMs = FIRST_PAUSE_MS;
      }
    } catch (error) {
      source.onFailure(error);
    }
    await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}
