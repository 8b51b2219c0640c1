import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '../support/client.js';
import { describeWithOwnEventStore } from '../support/describe-with.js';
import { deploy } from '../faults/deployment.js';
import type { Deployment } from '../faults/deployment.js';

/**
 * One key goes wherever a careless client could put it. Its random part must then be found nowhere:
 * not in any later answer, not in a log line of any process, not in a file of DATA_DIR.
 */
describeWithOwnEventStore('G5 secrets stay secret', () => {
  let deployment: Deployment;
  let client: Client;

  beforeAll(async () => {
    deployment = await deploy({ apis: 1, env: { LOG_LEVEL: 'trace' } });
    client = new Client(deployment.urls[0] as string);
  }, 60_000);

  afterAll(async () => {
    await client.close();
    await deployment.stop();
  }, 60_000);

  it('a key is in the answer to its creation and nowhere else', async () => {
    const session = await client.signUp();
    const { apiKey, apiKeyId } = await client.createKey(session, 'Canary');
    const canary = apiKey.slice(4, 34);
    const bearer = { authorization: `Bearer ${apiKey}` };
    const [email, password] = ['eve@example.com', 'correct horse battery'];
    const enter = (how: string, body: object, userAgent = 'spec') =>
      client.request('POST', `/api/auth/${how}/email`, {
        headers: { 'user-agent': userAgent },
        body,
      });
    const change = (fields: object) =>
      client.request('POST', '/api/auth/update-user', { headers: session, body: fields });
    const answers = [
      await client.use(apiKey),
      await client.request('GET', `/v1/me?apiKey=${apiKey}`, { headers: bearer }),
      await client.request('GET', `/v1/api-keys/${apiKey}`, { headers: bearer }),
      await client.request('GET', `/${apiKey}/${apiKey}`, { headers: bearer }),
      await client.request('GET', '/v1/me', { headers: { ...bearer, 'user-agent': apiKey } }),
      await client.request('GET', '/v1/me', { headers: { authorization: apiKey } }),
      await client.request('GET', '/v1/me', { headers: { authorization: `Bearer ${apiKey}x` } }),
      await client.request('POST', '/v1/api-keys', { headers: session, body: { name: apiKey } }),
      await client.request('POST', '/v1/api-keys', {
        headers: { ...session, 'idempotency-key': apiKey },
        body: { name: 'Another one' },
      }),
      await enter('sign-up', { email, password, name: apiKey }),
      await enter('sign-up', { email, password, name: 'Eve', image: apiKey }),
      await enter('sign-up', { email, password, name: 'Eve' }, apiKey),
      await enter('sign-in', { email, password }, apiKey),
      await client.request('POST', `/api/auth/${apiKey}`, { headers: session, body: {} }),
      await change({ name: apiKey }),
      await change({ image: apiKey }),
      await client.request('GET', `/v1/audit?actor=${apiKey}`, { headers: session }),
      await client.request('GET', `/v1/api-keys?q=${apiKey}`, { headers: session }),
      await client.request('DELETE', `/v1/api-keys/${apiKeyId}`, {
        headers: session,
        body: { reason: `leaked as ${apiKey}` },
      }),
      await client.use(apiKey),
      await client.request('GET', '/v1/audit?limit=100', { headers: session }),
      await client.request('GET', '/v1/transactions', { headers: session }),
      await client.request('GET', '/v1/api-keys', { headers: session }),
    ];
    for (const [index, answer] of answers.entries()) {
      expect([index, JSON.stringify(answer).includes(canary)]).toEqual([index, false]);
      expect(answer.status).toBeLessThan(500);
    }
    const [api] = deployment.apis;
    await api?.stop();
    await deployment.projector.stop();
    await deployment.stores.stop();
    expect(api?.output).toContain('"part":"api"');
    for (const part of [...deployment.apis, deployment.projector, deployment.stores]) {
      expect(part.output).not.toContain(canary);
    }
    expect(await filesWith(deployment.dataDir, canary)).toEqual([]);
    expect(await filesWith(deployment.dataDir, apiKeyId)).not.toEqual([]);
  }, 120_000);
});

/** The files below a folder that have a text in them. */
async function filesWith(folder: string, text: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.filter((one) => one.isFile())) {
    const content = await readFile(join(entry.parentPath, entry.name));
    if (content.includes(text)) found.push(entry.name);
  }
  return found;
}
