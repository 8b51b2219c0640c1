/** An event as it is read back from the log, as far as deciders look: with the time at which it happened. */
export type Happened<Event> = Event & {
  readonly context: {
    /** ISO 8601, UTC, milliseconds. */
    readonly occurredAt: string;
  };
};
