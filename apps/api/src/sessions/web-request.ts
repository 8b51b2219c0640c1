import type { FastifyRequest } from 'fastify';
import { redact } from '@keytrail/platform';
import { callerOf, pathOf } from '../http/request-context.js';
import { originOf } from './origin-check.js';

/** The headers of a request for code that speaks the web's own types. */
export function toHeaders(request: FastifyRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) headers.append(name, one);
    }
  }
  // Attempts are limited per address: the one that the server saw, not one that the caller made up.
  const { requestId, ip, userAgent } = callerOf(request);
  if (ip === null) headers.delete('x-forwarded-for');
  else headers.set('x-forwarded-for', ip);
  headers.set('x-request-id', requestId);
  // The sign-in library keeps it with the session.
  if (userAgent !== null) headers.set('user-agent', userAgent);
  return headers;
}

/** A Fastify request, its body already parsed, as a web Request. */
export function toWebRequest(request: FastifyRequest): Request {
  const headers = toHeaders(request);
  headers.delete('content-length');
  // Foreign origins are refused already. The library demands an origin of some programs, which send none.
  if (!headers.has('origin')) headers.set('origin', originOf(request));
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  return new Request(originOf(request) + keptAddress(request), {
    method: request.method,
    headers,
    ...(hasBody ? { body: JSON.stringify(request.body ?? {}) } : {}),
  });
}

/** Path and query of a request. Attempts are counted by the path, which is kept for that. */
function keptAddress(request: FastifyRequest): string {
  const query = request.url.indexOf('?');
  return redact(pathOf(request)) + (query === -1 ? '' : request.url.slice(query));
}
