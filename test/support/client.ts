import { Pool } from 'undici';

export interface Answer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Body;
}

export interface IssuedKey {
  readonly apiKeyId: string;
  readonly apiKey: string;
}

type Headers = Readonly<Record<string, string>>;

const TIMEOUT_MS = 30_000;

/** A fast HTTP client of one api process, for tests that send many requests. */
export class Client {
  private readonly pool: Pool;

  constructor(
    readonly url: string,
    connections = 32,
  ) {
    const timeouts = { headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS };
    this.pool = new Pool(url, { connections, ...timeouts });
  }

  async request<Body = Record<string, unknown>>(
    method: 'GET' | 'POST' | 'DELETE' | 'PATCH',
    path: string,
    { headers = {}, body }: { headers?: Headers; body?: unknown } = {},
  ): Promise<Answer<Body>> {
    const response = await this.pool.request({
      method,
      path,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.body.text();
    const isJson = String(response.headers['content-type']).includes('json');
    const parsed = (isJson ? JSON.parse(text) : { text }) as Body;
    return { status: response.statusCode, headers: response.headers, body: parsed };
  }

  /** Signs a new person up and returns the session's cookie. */
  async signUp(name = 'Ada'): Promise<Headers> {
    const email = `${name.toLowerCase()}-${crypto.randomUUID()}@example.com`;
    const password = crypto.randomUUID();
    const answer = await this.request('POST', '/api/auth/sign-up/email', {
      body: { name, email, password },
    });
    if (answer.status !== 200) throw new Error(`signing up answered ${answer.status}`);
    const cookies = [answer.headers['set-cookie'] ?? []].flat();
    return { cookie: cookies.map((cookie) => cookie.split(';')[0]).join('; ') };
  }

  async createKey(session: Headers, name: string): Promise<IssuedKey> {
    const answer = await this.request<IssuedKey>('POST', '/v1/api-keys', {
      headers: session,
      body: { name },
    });
    if (answer.status !== 201) throw new Error(`creating a key answered ${answer.status}`);
    return answer.body;
  }

  /** Makes one guarded request with a key. */
  use(apiKey: string): Promise<Answer> {
    return this.request('GET', '/v1/me', { headers: { authorization: `Bearer ${apiKey}` } });
  }

  revoke(session: Headers, apiKeyId: string): Promise<Answer> {
    return this.request('DELETE', `/v1/api-keys/${apiKeyId}`, { headers: session });
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }
}
