import type { FastifyRequest } from 'fastify';
import { Problem } from '../http/problem.js';
import { isSafe } from '../http/safe-methods.js';

/**
 * A page of another site may not change anything with a visitor's cookie. Browsers name the origin on
 * every such request; programs without one are not browsers and carry no foreign cookie.
 *
 * @throws Problem 403 `foreign_origin`
 */
export function refuseForeignOrigin(request: FastifyRequest, baseUrl: string | undefined): void {
  const { origin } = request.headers;
  if (origin === undefined || isSafe(request.method)) return;
  const own = [originOf(request), ...(baseUrl === undefined ? [] : [new URL(baseUrl).origin])];
  if (own.includes(origin)) return;
  throw new Problem({
    status: 403,
    code: 'foreign_origin',
    detail: 'A page of another site cannot do this with your session.',
  });
}

/** The origin by which the request came in. */
export const originOf = (request: FastifyRequest): string =>
  `${request.protocol}://${request.host}`;
