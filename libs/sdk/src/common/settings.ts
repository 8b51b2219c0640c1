import { KeytrailError } from './keytrail-error.js';
import { environment } from './runtime.js';

/** As the platform's `fetch`: takes an absolute URL, honours `signal`. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface KeytrailOptions {
  /** The key that calls; `KEYTRAIL_API_KEY` of the environment by default. */
  readonly apiKey?: string | undefined;
  /** Where Keytrail answers, with or without a path; `KEYTRAIL_BASE_URL` by default. */
  readonly baseUrl?: string | undefined;
  /** Another `fetch` than the platform's. */
  readonly fetch?: Fetch | undefined;
  /**
   * How long a call may take, with all of its attempts; for what is streamed, how long nothing may come.
   * 30 seconds by default.
   */
  readonly timeoutMs?: number | undefined;
  /** How often a failed attempt is repeated where that is safe; 2 by default, 0 for never. */
  readonly maxRetries?: number | undefined;
}

/** What every call takes besides its arguments; the client's options are the default. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly maxRetries?: number | undefined;
}

/** Who calls: a key, or the person whose session cookie the browser sends, for one of the person's accounts. */
export type Credentials =
  { readonly apiKey: string } | { readonly sessionAccount: string | undefined };

export interface Settings {
  readonly credentials: Credentials;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly fetch: Fetch;
  readonly timeoutMs: number;
  readonly maxRetries: number;
}

const TIMEOUT_MS = 30_000;
const MAX_RETRIES = 2;
/** Timers of JavaScript overflow beyond. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;
const KEY_SHAPE = /^[a-z][a-z0-9]{1,9}_[0-9A-Za-z]{42}$/;

/** @throws KeytrailError `missing_api_key`, `missing_base_url`, `invalid_argument` */
export const readSettings = (options: KeytrailOptions): Settings => ({
  credentials: { apiKey: readApiKey(options.apiKey ?? environment('KEYTRAIL_API_KEY')) },
  ...readCallSettings(options),
});

/** @throws KeytrailError `missing_base_url`, `invalid_argument` */
export function readCallSettings(options: KeytrailOptions): Omit<Settings, 'credentials'> {
  return {
    baseUrl: readBaseUrl(options.baseUrl ?? environment('KEYTRAIL_BASE_URL')),
    // Called through an arrow: browsers refuse a fetch that is the method of another object.
    fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
    timeoutMs: readTimeout(options.timeoutMs ?? TIMEOUT_MS),
    maxRetries: readRetries(options.maxRetries ?? MAX_RETRIES),
  };
}

/** @throws KeytrailError `invalid_argument` */
export const limitsOf = (
  settings: Settings,
  options: CallOptions,
): Pick<Settings, 'timeoutMs' | 'maxRetries'> => ({
  timeoutMs: readTimeout(options.timeoutMs ?? settings.timeoutMs),
  maxRetries: readRetries(options.maxRetries ?? settings.maxRetries),
});

export const invalidArgument = (detail: string): KeytrailError =>
  new KeytrailError({ code: 'invalid_argument', detail });

function readApiKey(key: string | undefined): string {
  if (key === undefined) {
    throw new KeytrailError({
      code: 'missing_api_key',
      detail: 'Give an API key: new Keytrail({ apiKey }), or set KEYTRAIL_API_KEY.',
    });
  }
  if (KEY_SHAPE.test(key)) return key;
  throw new KeytrailError({
    code: 'malformed_key',
    detail:
      'apiKey is not a whole API key: a prefix word, an underscore and 42 letters and digits, ' +
      `nothing before or after. What was given has ${key.length} characters.`,
  });
}

function readBaseUrl(text: string | undefined): string {
  if (text === undefined) {
    throw new KeytrailError({
      code: 'missing_base_url',
      detail: 'Say where Keytrail answers: new Keytrail({ baseUrl }), or set KEYTRAIL_BASE_URL.',
    });
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw invalidArgument('baseUrl must be an absolute URL such as https://keys.example.com.');
  }
  if (url.username || url.password || url.search || url.hash) {
    throw invalidArgument('baseUrl must have neither credentials nor a query nor a fragment.');
  }
  return url.origin + url.pathname.replace(/\/+$/, '');
}

function readTimeout(timeoutMs: number): number {
  if (timeoutMs > 0 && timeoutMs <= LONGEST_TIMEOUT_MS) return timeoutMs;
  throw invalidArgument(`timeoutMs must be more than 0 and at most ${LONGEST_TIMEOUT_MS}.`);
}

function readRetries(maxRetries: number): number {
  if (Number.isInteger(maxRetries) && maxRetries >= 0) return maxRetries;
  throw invalidArgument('maxRetries must be a whole number, 0 or more.');
}
