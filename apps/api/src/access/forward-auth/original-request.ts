import type { FastifyRequest } from 'fastify';
import { recordOf } from '../../http/caller-record.js';
import type { CallerRecord } from '../../http/caller-record.js';
import { badInput } from '../../http/problem.js';
import type { Problem } from '../../http/problem.js';
import { userAgentOf } from '../../http/request-context.js';
import { textOnWire } from '../../http/wire-text.js';

const METHOD = /^[A-Z][A-Z-]{0,31}$/;

/** The headers by which proxies say what they were asked for, one family each. */
const families = [
  // nginx, as its documentation of auth_request has it.
  { method: 'x-original-method', addresses: ['x-original-uri', 'x-original-url'] },
  // Traefik's ForwardAuth and Caddy's forward_auth.
  { method: 'x-forwarded-method', addresses: ['x-forwarded-uri'] },
] as const;

/**
 * The request that a proxy asks about. A proxy sets the headers of one family and lets those of the
 * other through from its client, so that both together could be forged and are refused.
 *
 * @throws Problem 400
 */
export function originalRequest(request: FastifyRequest): CallerRecord {
  const given = families.filter(({ method, addresses }) =>
    [method, ...addresses].some((name) => header(request, name) !== undefined),
  );
  const [family, other] = given;
  if (!family) throw fault('X-Original-URI', 'or X-Forwarded-Uri must be set by the proxy');
  if (other) throw fault('X-Forwarded-Uri', 'must not come together with X-Original-URI');
  const method = header(request, family.method) ?? '';
  if (!METHOD.test(method)) throw fault(family.method, 'must be set by the proxy to a method');
  const address = addressIn(request, family.addresses);
  return recordOf({
    requestId: request.id,
    method,
    path: pathIn(address, family.addresses[0]),
    ip: clientIp(request),
    userAgent: userAgentOf(request),
  });
}

/**
 * A proxy sets one of these headers and lets the other one through from its client.
 *
 * @throws Problem 400 when both came and say different things
 */
function addressIn(request: FastifyRequest, names: readonly string[]): string | undefined {
  const given = names.filter((name) => header(request, name) !== undefined);
  const [address, ...others] = given.map((name) => header(request, name));
  if (others.some((other) => other !== address)) {
    throw fault(given.join(' and '), 'must say the same, or one of them must not come');
  }
  return address === undefined ? undefined : textOnWire(address);
}

/** The path of an address that may be absolute, without its query string. */
function pathIn(address: string | undefined, name: string): string {
  const path = /^(?:https?:\/\/[^/?#]*)?(\/[^?#]*)?/i.exec(address ?? '')?.[1];
  if (address !== undefined && /^https?:/i.test(address)) return path ?? '/';
  if (path === undefined) throw fault(name, 'must be set by the proxy to a path');
  return path;
}

/** What the proxy says that it saw: it puts that last, after whatever its client claimed. */
const clientIp = (request: FastifyRequest): string =>
  header(request, 'x-forwarded-for')?.split(',').at(-1)?.trim() ?? request.ip;

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  // Node joins repeated headers of these names into one.
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const fault = (field: string, message: string): Problem => badInput([{ field, message }]);
