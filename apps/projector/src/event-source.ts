import { type EventLog, subscribeToEvents } from '@keytrail/event-store';
import { type EventSource, pacing } from '@keytrail/projections';

/** The event log as the projections' source. */
export const sourceOf = (log: EventLog): EventSource => ({
  subscribe: (from, signal) =>
    subscribeToEvents(log, { from, batchSize: pacing.maxBatchEvents, signal }),
  verify: (progress) => log.verify(progress),
});
