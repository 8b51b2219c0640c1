import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '../support/client.js';

const BETWEEN_ROUNDS_MS = 50;

/** A tenant who does all that tenants do, a little at a time, and notes what was not answered as it should be. */
export class GoodTenant {
  readonly faults: string[] = [];
  rounds = 0;

  private constructor(
    private readonly client: Client,
    private readonly session: Readonly<Record<string, string>>,
    private readonly bearer: Readonly<Record<string, string>>,
  ) {}

  static async signUp(url: string): Promise<GoodTenant> {
    const client = new Client(url, 4);
    const session = await client.signUp('Grace');
    const { apiKey } = await client.createKey(session, 'Production Key');
    return new GoodTenant(client, session, { authorization: `Bearer ${apiKey}` });
  }

  /** Goes on, one request after another, until it is over. */
  async live(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.round();
      this.rounds += 1;
      await pause(BETWEEN_ROUNDS_MS);
    }
  }

  async close(): Promise<void> {
    await this.client.close();
  }

  private async round(): Promise<void> {
    const { bearer, session } = this;
    await this.ask('GET', '/v1/me', bearer);
    await this.ask('GET', '/v1/api-keys', session);
    await this.ask('GET', '/v1/audit?order=desc', session);
    await this.ask('GET', '/v1/usage', bearer);
    await this.ask('GET', '/v1/usage/series?bucket=hour&top=5', session);
    await this.ask('GET', '/v1/events', bearer);
    await this.ask('GET', '/v1/audit/export?format=csv&type=KeyCreated', session);
    const body = await this.ask('POST', '/v1/api-keys', session, { name: 'For a while' });
    if (typeof body?.['apiKeyId'] === 'string')
      await this.ask('DELETE', `/v1/api-keys/${body['apiKeyId']}`, session);
  }

  private async ask(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: unknown,
  ): Promise<Record<string, unknown> | undefined> {
    try {
      const answer = await this.client.request(method, path, { headers, body });
      if (answer.status < 300) return answer.body;
      this.faults.push(`${method} ${path}: ${answer.status} ${String(answer.body['code'])}`);
    } catch (error) {
      this.faults.push(`${method} ${path}: ${String(error)}`);
    }
    return undefined;
  }
}
