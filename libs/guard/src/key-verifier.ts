import type { BearerKeyOptions } from './bearer-key.options.js';

/** The key by which a request was let in. */
export interface VerifiedKey {
  readonly apiKeyId: string;
  readonly accountId: string;
  readonly name: string;
  /** Where the record of this use stands in the log: whoever has read up to here has read of it. */
  readonly position: string;
}

/** What the record of a use says of the request that it was for. */
export interface GuardedRequest {
  readonly method: string;
  readonly path: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

export type Verdict =
  | { readonly active: true; readonly key: VerifiedKey }
  | { readonly active: false; readonly code: string };

type Answer = VerifiedKey & { readonly active: boolean; readonly code: string | null };

/** Keytrail gave no answer that can be relied on. */
class KeytrailUnavailableError extends Error {
  readonly code = 'keytrail_unavailable';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KeytrailUnavailableError';
  }
}

const TIMEOUT_MS = 2_000;

/** Asks Keytrail about one key at a time. Nothing is remembered, so that no answer can go stale. */
export class KeyVerifier {
  readonly #apiKey: string;
  private readonly address: URL;
  private readonly timeoutMs: number;

  constructor({ baseUrl, apiKey, timeoutMs = TIMEOUT_MS }: BearerKeyOptions) {
    if (apiKey === '') throw new TypeError('apiKey is empty: give the service a key of its own');
    this.#apiKey = apiKey;
    this.address = new URL('v1/verify', baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
    this.timeoutMs = timeoutMs;
  }

  /**
   * Whether a key may be used for a request. When it may, its use is recorded.
   *
   * @throws KeytrailUnavailableError unless Keytrail said yes or no in time
   */
  async verify(apiKey: string, request: GuardedRequest): Promise<Verdict> {
    const answer = await this.ask(JSON.stringify({ apiKey, request }));
    if (answer.active === true) return { active: true, key: keyIn(answer) };
    if (answer.active === false && typeof answer.code === 'string') {
      return { active: false, code: answer.code };
    }
    throw new KeytrailUnavailableError('Keytrail gave an answer that is none');
  }

  private async ask(body: string): Promise<Partial<Answer>> {
    try {
      const response = await fetch(this.address, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.#apiKey}`, 'content-type': 'application/json' },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(this.timeoutMs),
      });
      const answer = (await response.json()) as Partial<Answer>;
      if (response.status === 200) return answer;
      const reason = answer.code ?? 'no code';
      throw new KeytrailUnavailableError(`Keytrail answered ${response.status} (${reason})`);
    } catch (error) {
      if (error instanceof KeytrailUnavailableError) throw error;
      throw new KeytrailUnavailableError('Keytrail did not answer', { cause: error });
    }
  }
}

function keyIn({ apiKeyId, accountId, name, position }: Partial<Answer>): VerifiedKey {
  if (!apiKeyId || !accountId || !position || name === undefined) {
    throw new KeytrailUnavailableError('Keytrail let a key in and did not say which');
  }
  return { apiKeyId, accountId, name, position };
}
