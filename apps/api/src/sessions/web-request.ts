import type { FastifyRequest } from 'fastify';
import { callerOf } from '../http/request-context.js';
import { bytesOnWire } from '../http/wire-text.js';

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
  if (userAgent !== null) headers.set('user-agent', bytesOnWire(userAgent));
  return headers;
}

export interface WebRequestParts {
  readonly method: string;
  /** Begins with a slash. */
  readonly path: string;
  /** Empty for a method that has none. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Where the sign-in library takes requests to come from, whatever host they name. */
  readonly origin: string;
}

/** A request for the sign-in library, of which all but its headers is decided already. */
export function toWebRequest(
  request: FastifyRequest,
  { method, path, body, origin }: WebRequestParts,
): Request {
  const headers = toHeaders(request);
  for (const name of ['content-length', 'host', 'referer']) headers.delete(name);
  // Foreign origins were refused before.
  headers.set('origin', origin);
  headers.set('content-type', 'application/json');
  const content = method === 'GET' ? {} : { body: JSON.stringify(body) };
  return new Request(origin + path, { method, headers, ...content });
}
