import { type EventLog, subscribeToEvents } from '@keytrail/event-store';
import type { EventSource } from '@keytrail/projections';

/** The most events in one transaction. */
const batchSize = 2_000;

/** The event log as the projections' source. */
export const sourceOf = (log: EventLog): EventSource => ({
  subscribe: (from, signal) => subscribeToEvents(log, { from, batchSize, signal }),
  verify: (progress) => log.verify(progress),
});
