import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { uniqueId } from '@keytrail/platform';
import type { Logger } from '@keytrail/platform';
import { limits } from './limits.js';
import { Problem, badInput } from './problem.js';

/**
 * Without limits, whoever sends nothing, or a body byte by byte, keeps a connection for ever. An answer may
 * take as long as it likes while it is taken: the event feed and exports are not cut.
 */
const { headersMs, requestMs, headerBytes } = limits.arrival;

export const arrivalLimits = {
  requestTimeout: requestMs,
  // Node holds the limit for whole requests only if that for headers is no longer, and it looks every
  // so often which requests are late.
  http: {
    headersTimeout: headersMs,
    connectionsCheckingInterval: 2_000,
    maxHeaderSize: headerBytes,
  },
} as const;

interface ParserError extends Error {
  readonly code?: string;
}

/** Answers what Node could not read as a request with a problem document, and hangs up. */
export const refuseBrokenRequests =
  (logger: Logger) =>
  (error: ParserError, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    const problem = toProblem(error);
    const requestId = uniqueId();
    logger.info({ requestId, status: problem.status, code: error.code }, 'broken request');
    if (socket.writable) socket.write(toAnswer(problem, requestId));
    socket.destroy(error);
  };

export function requestTimeout(): Problem {
  const [headers, whole] = [headersMs / 1_000, requestMs / 1_000];
  const detail = `The request did not arrive in time: its headers within ${headers} seconds, all of it within ${whole}. Send it again.`;
  return new Problem({ status: 408, code: 'request_timeout', detail });
}

export function headersTooLarge(): Problem {
  const detail = `The address and the headers must not be larger than ${headerBytes / 1_024} KiB together.`;
  return new Problem({ status: 431, code: 'headers_too_large', detail });
}

function toProblem({ code }: ParserError): Problem {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return requestTimeout();
    case 'HPE_HEADER_OVERFLOW':
      return headersTooLarge();
    case 'HPE_INVALID_METHOD':
      return badInput([{ field: 'method', message: 'must be a method of HTTP' }]);
    default:
      return badInput([{ field: 'request', message: 'must be valid HTTP/1.1' }]);
  }
}

/** Written by hand: there is no request, no reply and no address yet. */
function toAnswer(problem: Problem, requestId: string): string {
  const body = JSON.stringify(problem.toDocument(undefined, requestId));
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    `x-request-id: ${requestId}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
