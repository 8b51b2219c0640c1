import { withoutKeys } from './key-text.js';
import { isAway, toApiError, unreachable } from './problem.js';
import { setReachable } from './reachable.js';

export type Query = Readonly<Record<string, string | number | undefined>>;

interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly query?: Query | undefined;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** The account the call is about; the person's own choice of account when left out. */
  readonly accountId?: string | undefined;
}

/** Longer than any list waits for the log. Whoever has no answer by then is told that there is none. */
const SLOW_MS = 6_000;

/** `?a=1&b=2` of all members that have a value, or nothing. No key is ever in it. */
export function toSearch(query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(
    given.map(([name, value]) => [name, withoutKeys(String(value))]),
  );
  return given.length > 0 ? `?${search.toString()}` : '';
}

export const accountHeader = (accountId: string | undefined): Record<string, string> =>
  accountId === undefined ? {} : { 'keytrail-account': accountId };

/** One call of the HTTP API. Rejects with an `ApiError`. */
export async function call<Answer>(path: string, options: CallOptions = {}): Promise<Answer> {
  const { method = 'GET', query, body, headers, signal, accountId } = options;
  const request: RequestInit = {
    method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...accountHeader(accountId),
      ...headers,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  };
  const response = await reach(withoutKeys(path) + toSearch(query), request);
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw toApiError(response.status, answer);
  return answer as Answer;
}

/** Asks, and notes at once whether the service answers. */
async function reach(address: string, request: RequestInit): Promise<Response> {
  const slow = setTimeout(() => {
    setReachable(false);
  }, SLOW_MS);
  try {
    const response = await fetch(address, request);
    setReachable(!isAway(response.status));
    return response;
  } catch (error) {
    if (request.signal?.aborted) throw error;
    setReachable(false);
    throw unreachable();
  } finally {
    clearTimeout(slow);
  }
}
