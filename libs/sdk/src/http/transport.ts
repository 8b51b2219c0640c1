import type { KeytrailError } from '../common/keytrail-error.js';
import { isNode } from '../common/runtime.js';
import { limitsOf } from '../common/settings.js';
import type { CallOptions, Credentials, Settings } from '../common/settings.js';
import { VERSION } from '../common/version.js';
import { toError, unexpectedAnswer } from './problem.js';
import { backOffMs, mayPass, nothingHappened } from './retry.js';
import { pause, TimeLimit } from './time-limit.js';
import { addressOf } from './url.js';

export interface Call {
  readonly path: string;
  readonly query?: object;
  /** Makes it a POST, which is repeated only when the failed attempt surely did nothing. */
  readonly body?: unknown;
  /** The media type of the answer. */
  readonly accept?: string;
}

/** An answer whose body is still to come. */
export interface OpenAnswer {
  readonly chunks: AsyncGenerator<Uint8Array, void, undefined>;
  /** Ends it, also while a chunk is awaited. */
  readonly close: () => void;
}

const JSON_TYPE = 'application/json';

/** Sends calls with the key, within their time, and repeats them where that is safe. */
export class Transport {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  get baseUrl(): string {
    return this.#settings.baseUrl;
  }

  /** How often the first attempt of a call is repeated. */
  maxRetries(options: CallOptions): number {
    return limitsOf(this.#settings, options).maxRetries;
  }

  /** The whole answer. @throws KeytrailError */
  async json<Answer>(call: Call, options: CallOptions = {}): Promise<Answer> {
    const limit = this.#limit(options);
    try {
      return await this.#withRetries(call, limit, options, async (response) => {
        const body = await response.text();
        try {
          return JSON.parse(body) as Answer;
        } catch (error) {
          throw unexpectedAnswer(response.status, 'The answer is not JSON', error);
        }
      });
    } finally {
      limit.close();
    }
  }

  /**
   * An answer to be read bit by bit. Its time limit is then one for silence.
   *
   * @param silenceMs how long nothing may come; the time limit of the call by default
   * @throws KeytrailError
   */
  async open(call: Call, options: CallOptions = {}, silenceMs?: number): Promise<OpenAnswer> {
    const limit = this.#limit(options);
    try {
      const { body } = await this.#withRetries(call, limit, options, (response) =>
        Promise.resolve(response),
      );
      limit.pause();
      return {
        chunks: readChunks(body, limit, silenceMs),
        close: () => {
          limit.close();
        },
      };
    } catch (error) {
      limit.close();
      throw error;
    }
  }

  #limit(options: CallOptions): TimeLimit {
    return new TimeLimit(limitsOf(this.#settings, options).timeoutMs, options.signal);
  }

  async #withRetries<Result>(
    call: Call,
    limit: TimeLimit,
    options: CallOptions,
    read: (response: Response) => Promise<Result>,
  ): Promise<Result> {
    const { maxRetries } = limitsOf(this.#settings, options);
    const mayRepeat = call.body === undefined ? mayPass : nothingHappened;
    for (let failures = 1; ; failures += 1) {
      const failure = await this.#attempt(call, limit, read).catch((error: unknown) =>
        limit.explain(error),
      );
      if (!isFailure(failure)) return failure.result;
      const delayMs = Math.max(failure.retryAfterMs ?? 0, backOffMs(failures));
      // Waiting beyond the end of the call's time would only hide the reason.
      if (failures > maxRetries || !mayRepeat(failure) || delayMs >= limit.leftMs) throw failure;
      await pause(delayMs, limit.signal).catch((error: unknown) => {
        throw limit.explain(error);
      });
    }
  }

  async #attempt<Result>(
    { path, query, body, accept = JSON_TYPE }: Call,
    limit: TimeLimit,
    read: (response: Response) => Promise<Result>,
  ): Promise<Success<Result>> {
    const { baseUrl, credentials } = this.#settings;
    const url = addressOf(baseUrl, path, query);
    limit.signal.throwIfAborted();
    const response = await this.#settings.fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: this.#headers(accept, body !== undefined),
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: limit.signal,
      // A key alone decides who calls, whatever cookies a browser holds.
      credentials: 'apiKey' in credentials ? 'omit' : 'same-origin',
      redirect: 'manual',
    });
    if (!response.ok) throw await toError(response);
    if (!response.headers.get('content-type')?.startsWith(accept)) {
      await response.body?.cancel();
      throw unexpectedAnswer(response.status, `The answer is not ${accept}`);
    }
    return { result: await read(response) };
  }

  #headers(accept: string, hasBody: boolean): Record<string, string> {
    return {
      accept,
      ...identify(this.#settings.credentials),
      ...(hasBody && { 'content-type': JSON_TYPE }),
      // Browsers name themselves.
      ...(isNode() && { 'user-agent': `keytrail-sdk/${VERSION}` }),
    };
  }
}

function identify(credentials: Credentials): Record<string, string> {
  if ('apiKey' in credentials) return { authorization: `Bearer ${credentials.apiKey}` };
  const { sessionAccount } = credentials;
  return sessionAccount === undefined ? {} : { 'keytrail-account': sessionAccount };
}

interface Success<Result> {
  readonly result: Result;
}

const isFailure = <Result>(outcome: Success<Result> | KeytrailError): outcome is KeytrailError =>
  !('result' in outcome);

async function* readChunks(
  body: Response['body'],
  limit: TimeLimit,
  silenceMs: number | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = (body as ReadableStream<Uint8Array> | null)?.getReader();
  try {
    while (reader) {
      // Only while a chunk is awaited: the caller may take its time with each.
      limit.restart(silenceMs);
      const { done, value } = await reader.read();
      limit.pause();
      if (done) return;
      yield value;
    }
  } catch (error) {
    throw limit.explain(error);
  } finally {
    limit.close();
  }
}
