import type { Appender } from './appender.js';
import type { CommitSignal } from './commit-signal.js';
import type { EventLog } from './event-log.js';
import type { Role } from './plays.js';

/** What the services of one node of the (played) cluster work with. */
export interface Node {
  /** The log as far as this node knows it. */
  readonly log: EventLog;
  /** The leader's: whatever node an append is sent to, it is written there. */
  readonly appender: Appender;
  readonly signal: CommitSignal;
  readonly role: Role;
}
