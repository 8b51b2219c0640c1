import { subscribeToEvents } from '@keytrail/event-store';
import type { EventBatch, EventLog, LogPosition } from '@keytrail/event-store';
import type { Logger } from '@keytrail/platform';

/** The log as the feed needs it. */
export interface FeedSource {
  /** The place of the newest event, `null` in an empty log. */
  readHead(): Promise<LogPosition | null>;
  /** All events after a place, for ever. */
  subscribe(
    from: LogPosition | 'start',
    signal: AbortSignal,
  ): AsyncIterable<EventBatch, void, undefined>;
}

const BATCH = 500;

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
});
