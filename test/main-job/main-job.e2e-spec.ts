import { Client } from '../support/client.js';
import type { IssuedKey } from '../support/client.js';
import { describeWithOwnEventStore } from '../support/describe-with.js';
import { deploy } from '../faults/deployment.js';
import type { Deployment } from '../faults/deployment.js';

interface KeyList {
  readonly keys: readonly {
    readonly id: string;
    readonly status: string;
    readonly lastUsedAt: string | null;
  }[];
  readonly activeCount: number;
}
interface Audit {
  readonly entries: readonly { readonly type: string }[];
}

/** The whole life of a key on the built product, run apart: stores, projector and two api processes. */
describeWithOwnEventStore('the main job, with the projector killed before the revocation', () => {
  let deployment: Deployment;
  let first: Client;
  let second: Client;
  let session: Readonly<Record<string, string>>;
  let key: IssuedKey;

  beforeAll(async () => {
    deployment = await deploy({ apis: 2 });
    [first, second] = deployment.urls.map((url) => new Client(url)) as [Client, Client];
    session = await first.signUp();
    key = await first.createKey(session, 'Production Key');
  });

  afterAll(async () => {
    await Promise.all([first.close(), second.close()]);
    await deployment.stop();
  });

  const keys = async (client: Client): Promise<KeyList> =>
    (await client.request<KeyList>('GET', '/v1/api-keys', { headers: session })).body;
  const trail = async (client: Client): Promise<string[]> => {
    const path = `/v1/audit?apiKeyId=${key.apiKeyId}`;
    const { body } = await client.request<Audit>('GET', path, { headers: session });
    return body.entries.map(({ type }) => type);
  };

  it('a key issued by one process is accepted by another, and the use is in every list', async () => {
    expect((await second.use(key.apiKey)).status).toBe(200);
    for (const client of [first, second]) {
      const list = await keys(client);
      expect(list.activeCount).toBe(1);
      expect(list.keys[0]?.lastUsedAt).not.toBeNull();
      expect(await trail(client)).toEqual(['KeyCreated', 'KeyUsed']);
    }
  });

  it('G2 a revocation bites at once in every process although the projector is dead', async () => {
    await deployment.projector.kill9();
    const revoked = await first.revoke(session, key.apiKeyId);
    expect(revoked).toMatchObject({ status: 200, body: { success: true, apiKeyId: key.apiKeyId } });
    for (const client of [first, second]) {
      const answer = await client.use(key.apiKey);
      expect(answer).toMatchObject({ status: 401, body: { code: 'revoked_key' } });
    }
  });

  it('a list that cannot have caught up is refused rather than stale', async () => {
    const answer = await second.request('GET', '/v1/api-keys', { headers: session });
    expect(answer).toMatchObject({ status: 503, body: { code: 'read_model_behind' } });
    expect(answer.headers['retry-after']).toBeDefined();
  });

  it('G3 once the projector is back, everything acknowledged is in every list', async () => {
    await deployment.projector.start();
    for (const client of [first, second]) {
      const list = await keys(client);
      expect(list).toMatchObject({
        activeCount: 0,
        keys: [{ id: key.apiKeyId, status: 'Revoked' }],
      });
      const types = await trail(client);
      expect(types.slice(0, 3)).toEqual(['KeyCreated', 'KeyUsed', 'KeyRevoked']);
      expect(types.slice(3).every((type) => type === 'KeyRefused')).toBe(true);
    }
  });

  it('everything is still there after all parts were killed and started again', async () => {
    const before = await keys(first);
    for (const part of [...deployment.apis, deployment.projector, deployment.stores])
      await part.kill9();
    await deployment.stores.start();
    for (const part of [deployment.projector, ...deployment.apis]) await part.start();
    expect(await keys(second)).toEqual(before);
    expect(await second.use(key.apiKey)).toMatchObject({
      status: 401,
      body: { code: 'revoked_key' },
    });
  });
});
