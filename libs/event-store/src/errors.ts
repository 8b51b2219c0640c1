/** Errors of the event log, told apart by `code`. */
export class EventLogError extends Error {
  constructor(
    /**
     * - `event_log_unavailable`: nothing is known about the outcome, or the log could not be read in time;
     * - `wrong_expected_revision`: somebody else wrote to the stream first;
     * - `unwritable_event`: the event itself is at fault, and repeating it is pointless.
     */
    readonly code: 'event_log_unavailable' | 'wrong_expected_revision' | 'unwritable_event',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'EventLogError';
  }
}
