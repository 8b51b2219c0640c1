import type { Actor, EventContext } from '@keytrail/event-store';
import type { FastifyRequest } from 'fastify';
import { eventContext, recordOf } from './caller-record.js';
import type { CallerRecord } from './caller-record.js';
import { textOnWire } from './wire-text.js';

const BEGINS_ABSOLUTE = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;
const QUERY_OR_FRAGMENT = /[?#]/;

/** The path of a request: without its query string, its fragment, and the host of an absolute form. */
export function pathOf({ url }: Pick<FastifyRequest, 'url'>): string {
  const local = url.startsWith('/') ? url : url.replace(BEGINS_ABSOLUTE, '');
  const end = local.search(QUERY_OR_FRAGMENT);
  return (end === -1 ? local : local.slice(0, end)) || '/';
}

declare module 'fastify' {
  interface FastifyRequest {
    callerRecord?: CallerRecord;
  }
}

/** The user agent of a request as it was meant. */
export const userAgentOf = ({ headers }: FastifyRequest): string | undefined =>
  headers['user-agent'] === undefined ? undefined : textOnWire(headers['user-agent']);

/** The record of whoever sent a request, made once. */
export const callerOf = (request: FastifyRequest): CallerRecord =>
  (request.callerRecord ??= recordOf({
    requestId: request.id,
    method: request.method,
    path: textOnWire(pathOf(request)),
    ip: request.ip,
    userAgent: userAgentOf(request),
  }));

/** What the log remembers of a command: who asks for it, by which request. */
export const commandContext = (request: FastifyRequest, actor: Actor): EventContext =>
  eventContext(callerOf(request), actor);
