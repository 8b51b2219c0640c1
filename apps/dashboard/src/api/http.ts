import { toApiError, unreachable } from './problem.js';

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

/** `?a=1&b=2` of all members that have a value, or nothing. */
export function toSearch(query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
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
  const response = await fetch(path + toSearch(query), request).catch((error: unknown) => {
    throw signal?.aborted ? error : unreachable();
  });
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw toApiError(response.status, answer);
  return answer as Answer;
}
