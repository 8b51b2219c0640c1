import { ErrorType } from '@eventstore/db-client';
import { messageOf } from '@keytrail/platform';
import { EventLogError } from './errors.js';

/** By what the client tells its errors apart. */
export const typeOf = (error: unknown): unknown =>
  error instanceof Error && 'type' in error ? error.type : undefined;

/** The gRPC status of an error of the client, where the server has sent one. */
const statusOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

const INVALID_ARGUMENT = 3;
const INTERNAL = 13;
const PERMISSION_DENIED = 7;
const UNAUTHENTICATED = 16;

/** Nothing is wrong with the request: the same one may succeed in a moment. */
const TRANSIENT: readonly unknown[] = [
  ErrorType.TIMEOUT,
  ErrorType.DEADLINE_EXCEEDED,
  ErrorType.UNAVAILABLE,
  ErrorType.CANCELLED,
  ErrorType.NOT_LEADER,
];

/** What the client makes of a node that starts, or that resets its streams when it stops. */
const PASSING_TEXT = /Server Is Not Ready|RST_STREAM|write after end/i;

/** The event itself is at fault, whoever sends it and however often. */
const UNWRITABLE: readonly unknown[] = [
  ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED,
  ErrorType.MISSING_REQUIRED_METADATA_PROPERTY,
];

export type ErrorClass = 'transient' | 'refused' | 'unwritable' | 'stream_deleted' | 'unknown';

/**
 * What an error of the client means for whoever made the call: `transient` may be repeated for as long
 * as one likes, `refused` (credentials, rights, trust) fails until an operator does something, and an
 * `unknown` one is repeated a few times only.
 */
export function classOf(error: unknown): ErrorClass {
  const type = typeOf(error);
  if (isRefusal(error)) return 'refused';
  if (TRANSIENT.includes(type)) return 'transient';
  if (type === ErrorType.STREAM_DELETED) return 'stream_deleted';
  if (UNWRITABLE.includes(type) || statusOf(error) === INVALID_ARGUMENT) return 'unwritable';
  return statusOf(error) === INTERNAL || PASSING_TEXT.test(messageOf(error))
    ? 'transient'
    : 'unknown';
}

const CERTIFICATE = /certificate|self.signed|SSL|TLS|altnames|wrong version number|EPROTO/i;

function isRefusal(error: unknown): boolean {
  if (typeOf(error) === ErrorType.ACCESS_DENIED || statusOf(error) === PERMISSION_DENIED)
    return true;
  return typeOf(error) === ErrorType.UNAVAILABLE && CERTIFICATE.test(messageOf(error));
}

/** An error of the client as one of the event log, which says what an operator can do about it. */
export function unavailable(cause: unknown): EventLogError {
  if (cause instanceof EventLogError) return cause;
  return new EventLogError('event_log_unavailable', explain(cause), { cause });
}

/** What gRPC says around the cause: its status, times, and a note that is empty. */
const NOISE =
  /^\d+ [A-Z_]+: |No connection established\. Last error: |Error: | \([\dT:.-]+Z\)|\.? ?Resolution note: $/g;

function explain(error: unknown): string {
  const said = messageOf(error).replace(NOISE, '');
  if (CERTIFICATE.test(said)) {
    return `EventStoreDB's certificate is not trusted, or it does not speak TLS as EVENTSTOREDB_URL says (tls, tlsCAFile): ${said}`;
  }
  if (statusOf(error) === UNAUTHENTICATED) {
    return `EventStoreDB does not accept the user or password of EVENTSTOREDB_URL: ${said}`;
  }
  if (isRefusal(error)) {
    return `EventStoreDB refuses the user of EVENTSTOREDB_URL this access; see its streams' and $all's access control lists: ${said}`;
  }
  if (typeOf(error) === ErrorType.UNAVAILABLE) {
    return `EventStoreDB cannot be reached as EVENTSTOREDB_URL says (host, port, tls), or is not ready: ${said}`;
  }
  return said === '' ? 'The event log did not answer as expected' : said;
}
