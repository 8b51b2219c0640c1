import { type EventLog, subscribeToEvents } from '@keytrail/event-store';
import type { Subscribe } from '@keytrail/read-models';

/**
 * The event log as the projections' source.
 *
 * @param batchSize the most events in one transaction
 * @param onLost told of each lost connection
 */
export const subscribeWith =
  (
    log: EventLog,
    batchSize: number,
    onLost: (error: unknown) => void = () => undefined,
  ): Subscribe =>
  (from, signal) =>
    subscribeToEvents(log, { from, batchSize, signal, onLost });
