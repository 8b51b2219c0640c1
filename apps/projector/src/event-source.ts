import { type EventLog, subscribeToEvents } from '@keytrail/event-store';
import type { Subscribe } from '@keytrail/read-models';

/** The most events in one transaction. */
const batchSize = 2_000;

/**
 * The event log as the projections' source.
 *
 * @param onLost told of each lost connection
 */
export const subscribeWith =
  (log: EventLog, onLost: (error: unknown) => void = () => undefined): Subscribe =>
  (from, signal) =>
    subscribeToEvents(log, { from, batchSize, signal, onLost });
