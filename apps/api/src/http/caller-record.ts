import { withoutControlCharacters } from '@keytrail/domain';
import type { Actor, EventContext } from '@keytrail/event-store';
import { isoNow, parseAddress, redact, uniqueId } from '@keytrail/platform';
import { spelledPath } from './wire-text.js';

const LONGEST_PATH = 1_024;
const LONGEST_USER_AGENT = 512;

/** Who asked for what, and from where: as it may be written down. */
export interface CallerRecord {
  readonly requestId: string;
  readonly method: string;
  /** Without its query string, and in its one spelling. */
  readonly path: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** A request as it came, or as another service tells of it. */
export interface AskedRequest {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  readonly ip: string | null | undefined;
  readonly userAgent: string | null | undefined;
}

/** What is written down of a request: bounded, in whole characters, and nothing that looks like a key. */
export const recordOf = ({
  requestId,
  method,
  path,
  ip,
  userAgent,
}: AskedRequest): CallerRecord => ({
  requestId,
  method,
  path: recorded(spelledPath(path), LONGEST_PATH),
  ip: recordedIp(ip),
  userAgent: recordedUserAgent(userAgent),
});

/** A user agent as it may be written down. */
export const recordedUserAgent = (userAgent: string | null | undefined): string | null =>
  typeof userAgent === 'string'
    ? withoutControlCharacters(recorded(userAgent, LONGEST_USER_AGENT))
    : null;

/** An address as it may be written down: a proxy may pass on anything in its place. */
const recordedIp = (ip: string | null | undefined): string | null =>
  typeof ip === 'string' ? (parseAddress(ip) ?? null) : null;

const recorded = (text: string, longest: number): string =>
  redact(text).slice(0, longest).toWellFormed();

/**
 * What the log remembers of the request that caused an event.
 *
 * @param causationId by default one of its own, as each command has
 */
export function eventContext(
  { requestId, ip, userAgent }: Pick<CallerRecord, 'requestId' | 'ip' | 'userAgent'>,
  actor: Actor,
  causationId = uniqueId(),
): EventContext {
  return { requestId, causationId, actor, ip, userAgent, occurredAt: isoNow() };
}

/** How the log names a person. */
export const personActor = (person: {
  readonly userId: string;
  readonly email: string;
}): Actor => ({
  type: 'user',
  id: person.userId,
  label: person.email,
});
