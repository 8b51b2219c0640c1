import { type EventBatch, isMismatch, type Progress } from '@keytrail/event-store';

/** The event log as the projections need it. */
export interface EventSource {
  /** One catch-up subscription; ends when the signal is aborted, and throws when it is lost. */
  subscribe(from: Progress, signal: AbortSignal): AsyncIterable<EventBatch>;
  /** @throws EventLogError `event_log_mismatch` when this is not the log in which somebody came so far */
  verify(progress: Progress): Promise<void>;
}

/** Whether this is the log in which somebody came so far. @throws what else keeps the log from answering */
export async function isOfLog(
  source: Pick<EventSource, 'verify'>,
  progress: Progress,
): Promise<boolean> {
  try {
    await source.verify(progress);
    return true;
  } catch (error) {
    if (isMismatch(error)) return false;
    throw error;
  }
}
