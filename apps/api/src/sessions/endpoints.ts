import { badInput } from '../http/problem.js';
import { unknownFields } from '../http/unknown-fields.js';
import { methodNotAllowed, notFoundHere } from '../http/no-route.js';

/** One endpoint of the sign-in library that is open. */
export interface Endpoint {
  readonly method: 'GET' | 'POST';
  /** All that its body may hold. */
  readonly fields: readonly string[];
  /** Fields that are set whatever the body says. */
  readonly fixed?: Readonly<Record<string, unknown>>;
  /** Whether a password is hashed for it, which takes a tenth of a second of a processor. */
  readonly hashes?: true;
}

/** Below which the endpoints lie. */
export const SIGN_IN_PATH = '/api/auth';

/** All that is open of the sign-in library; whatever else it can do, now or in a later version, is not there. */
export const endpoints: Readonly<Record<string, Endpoint>> = {
  '/sign-up/email': {
    method: 'POST',
    fields: ['name', 'email', 'password', 'image', 'rememberMe'],
    hashes: true,
  },
  '/sign-in/email': { method: 'POST', fields: ['email', 'password', 'rememberMe'], hashes: true },
  '/sign-out': { method: 'POST', fields: [] },
  '/get-session': { method: 'GET', fields: [] },
  '/list-sessions': { method: 'GET', fields: [] },
  '/revoke-sessions': { method: 'POST', fields: [] },
  '/update-user': { method: 'POST', fields: ['name', 'image'] },
  '/change-password': {
    method: 'POST',
    fields: ['currentPassword', 'newPassword', 'revokeOtherSessions'],
    // Whoever knows the old password may have a session by it.
    fixed: { revokeOtherSessions: true },
    hashes: true,
  },
};

const methodsOf = ({ method }: Endpoint): readonly string[] =>
  method === 'GET' ? ['GET', 'HEAD'] : [method];

/**
 * The endpoint that a request is for.
 *
 * @param path as it came: one that has to be decoded first is the path of nothing
 * @throws Problem 404 for a path that is not open, whatever the method; 405 for another method
 */
export function endpointFor(method: string, path: string): readonly [string, Endpoint] {
  const name = path.startsWith(SIGN_IN_PATH) ? path.slice(SIGN_IN_PATH.length) : '';
  const endpoint = Object.hasOwn(endpoints, name) ? endpoints[name] : undefined;
  if (!endpoint) throw notFoundHere();
  const methods = methodsOf(endpoint);
  if (!methods.includes(method)) throw methodNotAllowed(methods);
  return [name, endpoint];
}

/**
 * The body that an endpoint is handed.
 *
 * @throws Problem 400 for anything that it does not take
 */
export function bodyFor({ fields, fixed }: Endpoint, body: unknown): Record<string, unknown> {
  const given = body ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) {
    throw badInput([{ field: 'body', message: 'must be a JSON object' }]);
  }
  const unknown = Object.keys(given).filter((name) => !fields.includes(name));
  if (unknown.length > 0) throw badInput(unknownFields(unknown));
  return { ...given, ...fixed };
}
