/** Errors of the event log, told apart by `code`. */
export class EventLogError extends Error {
  constructor(
    /**
     * - `event_log_unavailable`: nothing is known about the outcome, or the log could not be read in time;
     * - `event_log_mismatch`: this is not the log that is known from before: another one, or an older copy;
     * - `wrong_expected_revision`: somebody else wrote to the stream first;
     * - `stream_deleted`: somebody else has deleted the stream;
     * - `unwritable_event`: the event itself is at fault, and repeating it is pointless.
     */
    readonly code:
      | 'event_log_unavailable'
      | 'event_log_mismatch'
      | 'wrong_expected_revision'
      | 'stream_deleted'
      | 'unwritable_event',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'EventLogError';
  }
}

/** Whether an error says that this is not the log that is known from before. */
export const isMismatch = (error: unknown): boolean =>
  error instanceof EventLogError && error.code === 'event_log_mismatch';
