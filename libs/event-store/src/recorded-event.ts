/** Who did it: a signed-in person, an API key, an unauthenticated caller, or Keytrail itself. */
export interface Actor {
  readonly type: 'user' | 'apiKey' | 'anonymous' | 'system';
  readonly id: string;
  /** An email address or a key's shown prefix; never a secret. */
  readonly label: string;
}

/** Where an event came from, written beside its data. */
export interface EventContext {
  /** Ties together all that one request caused; `$correlationId` in the log. */
  readonly requestId: string;
  /** The command or event that caused this one; `$causationId` in the log. */
  readonly causationId: string;
  readonly actor: Actor;
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** ISO 8601, UTC, milliseconds. */
  readonly occurredAt: string;
}

/** The place of an event in the one order of the log. Comparable as text; see `formatPosition`. */
export interface LogPosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/**
 * An event seen at a position. A log in which this event stands there is the same log, up to there,
 * as the one it was seen in; a position alone proves nothing.
 */
export interface Place {
  readonly position: LogPosition;
  readonly eventId: string;
}

/** How far somebody has come in the log. */
export interface Progress {
  /** The last of Keytrail's events there is up to here; `null` before the first. */
  readonly last: Place | null;
  /**
   * A later place, of somebody else's event, up to which no further event of Keytrail's stands. Never
   * waited for, as nothing need ever be handed out there: it saves looking through the same part again.
   */
  readonly searched: Place | null;
}

export interface EventShape {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** One event as read back from the log. */
export type RecordedEvent<Event extends EventShape = EventShape> = Event & {
  readonly id: string;
  readonly streamName: string;
  readonly revision: bigint;
  readonly position: LogPosition;
  readonly context: EventContext;
};
