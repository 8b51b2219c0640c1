import { isErrorLike } from '../common/keytrail-error.js';
import type { KeytrailError } from '../common/keytrail-error.js';

const BASE_MS = 250;
const CAP_MS = 8_000;

export interface BackOff {
  readonly baseMs: number;
  readonly capMs: number;
}

/**
 * Exponential back-off with "equal jitter": half of the exponential delay for certain, the other half at
 * random, so that clients which failed together do not come back together.
 *
 * @param failures how many attempts have failed, 1 or more
 * @param random from 0 to below 1
 */
export function backOffMs(
  failures: number,
  { baseMs, capMs }: BackOff = { baseMs: BASE_MS, capMs: CAP_MS },
  random = Math.random(),
): number {
  const full = Math.min(capMs, baseMs * 2 ** (failures - 1));
  return (full / 2) * (1 + random);
}

/** `Retry-After` of RFC 9110, section 10.2.3: seconds or a date. */
export function readRetryAfter(value: string | null, now: Date): number | undefined {
  if (value === null) return undefined;
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}

const PASSING = new Set([429, 502, 503, 504]);

/** For calls that change nothing: whether the next attempt may well succeed. */
export const mayPass = ({ code, status }: KeytrailError): boolean =>
  code === 'network_error' ||
  (status !== undefined && PASSING.has(status) && code !== 'read_too_long');

/** Faults of Node's sockets after which no byte of a request can have left. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * For calls that record something: whether the failed attempt surely recorded nothing. That is known when
 * it was turned away before any work (429, `overloaded`) or when no connection was made. Browsers do not
 * tell why a connection failed, so there it is never known.
 */
export function nothingHappened({ code, status, cause }: KeytrailError): boolean {
  if (code === 'network_error') return neverConnected(cause);
  return status === 429 || code === 'overloaded';
}

function neverConnected(error: unknown): boolean {
  if (!isErrorLike(error)) return false;
  if ('code' in error && typeof error.code === 'string' && NEVER_CONNECTED.has(error.code))
    return true;
  return neverConnected(error.cause);
}
