import { isIP } from 'node:net';
import type { Actor, EventContext } from '@keytrail/event-store';
import { isoNow, redact } from '@keytrail/platform';
import type { FastifyRequest } from 'fastify';

const LONGEST_PATH = 1_024;
const LONGEST_USER_AGENT = 512;

const BEGINS_ABSOLUTE = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;
const QUERY_OR_FRAGMENT = /[?#]/;

/** The path of a request: without its query string, its fragment, and the host of an absolute form. */
export function pathOf({ url }: Pick<FastifyRequest, 'url'>): string {
  const local = url.startsWith('/') ? url : url.replace(BEGINS_ABSOLUTE, '');
  const end = local.search(QUERY_OR_FRAGMENT);
  return (end === -1 ? local : local.slice(0, end)) || '/';
}

/** A path as it may be written down: bounded, whole characters, and nothing that looks like a key. */
export const recordedPath = (path: string): string =>
  redact(path).slice(0, LONGEST_PATH).toWellFormed();

/** A user agent as it may be written down. */
export const recordedUserAgent = (userAgent: string | undefined): string | null =>
  userAgent === undefined ? null : redact(userAgent).slice(0, LONGEST_USER_AGENT).toWellFormed();

/** An address as it may be written down: a proxy may pass on anything in its place. */
export const recordedIp = (ip: string | null | undefined): string | null =>
  typeof ip === 'string' && isIP(ip) !== 0 ? ip : null;

interface EventCaller {
  readonly ip: string | null;
  readonly userAgent: string | undefined;
}

/**
 * What the log remembers of the request that caused an event.
 *
 * @param caller whose event it is, when not of whoever sent the request
 */
export function eventContext(
  request: FastifyRequest,
  actor: Actor,
  causationId: string,
  caller: EventCaller = { ip: request.ip, userAgent: request.headers['user-agent'] },
): EventContext {
  return {
    requestId: request.id,
    causationId,
    actor,
    ip: recordedIp(caller.ip),
    userAgent: recordedUserAgent(caller.userAgent),
    occurredAt: isoNow(),
  };
}
