import type { FastifyRequest } from 'fastify';
import { Problem, badInput } from '../http/problem.js';
import { isSafe } from '../http/safe-methods.js';

const WEB_PROTOCOL = /^https?:$/;

/**
 * A page of another site may not change anything with a visitor's cookie. Browsers name the origin on
 * every such request; programs without one are not browsers and carry no foreign cookie.
 *
 * @throws Problem 403 `foreign_origin`
 */
export function refuseForeignOrigin(request: FastifyRequest, baseUrl: string | undefined): void {
  const { origin } = request.headers;
  if (origin === undefined || isSafe(request.method)) return;
  // Where the address that people use is known, a host that a request names tells nothing.
  const own = baseUrl === undefined ? originOf(request) : new URL(baseUrl).origin;
  if (origin !== own) throw foreignOrigin();
}

export const foreignOrigin = (): Problem =>
  new Problem({
    status: 403,
    code: 'foreign_origin',
    detail: 'A page of another site cannot do this with your session.',
  });

/**
 * The origin by which the request came in.
 *
 * @throws Problem 400 when what came in the place of the host is none
 */
export function originOf({ protocol, host }: FastifyRequest): string {
  const given = `${protocol}://${host}`;
  const url = URL.canParse(given) ? new URL(given) : null;
  // With a path or credentials in it, another host could be meant than the one that is read.
  if (url !== null && WEB_PROTOCOL.test(url.protocol) && url.href === `${url.origin}/`) {
    return url.origin;
  }
  throw badInput([{ field: 'Host', message: 'must be the host that the request is for' }]);
}
