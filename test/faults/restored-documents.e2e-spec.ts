import { Client } from '../support/client.js';
import { describeWithOwnEventStore } from '../support/describe-with.js';
import { sharedMongoUrl } from '../support/engines/environment.js';
import { deploy, type Deployment } from './deployment.js';
import { Backup, type Scene, setScene, untilAnswer, untilReady } from './restored.js';

/** The folder of a document store of somebody else is not there to be put back. */
const describeWithOwnDocuments =
  sharedMongoUrl() === '' ? describeWithOwnEventStore : describe.skip;

describeWithOwnDocuments('a document store that was put back', () => {
  let deployment: Deployment;
  let client: Client;
  let scene: Scene;
  let backup: Backup;

  beforeEach(async () => {
    deployment = await deploy({ apis: 1 });
    client = new Client(deployment.urls[0] ?? '');
    scene = await setScene(client);
    backup = await Backup.of(deployment, 'mongo');
    await untilReady(client);
    const { owner, revoked, active } = scene;
    expect((await client.revoke(owner.session, revoked.apiKeyId)).status).toBeLessThan(300);
    for (let use = 0; use < 5; use += 1) expect((await client.use(active.apiKey)).status).toBe(200);
    expect((await client.use(revoked.apiKey)).status).toBe(401);
  });
  afterEach(async () => {
    await client.close();
    await deployment.stop();
    await backup.remove();
  });

  /** Many at once and one after another, from the very first one on. */
  async function expectRevokedForEver(): Promise<void> {
    const { revoked, owner } = scene;
    const statuses = new Set<number>();
    const use = async () => {
      const answer = await client.use(revoked.apiKey);
      statuses.add(answer.status);
      return answer;
    };
    await Promise.all(Array.from({ length: 8 }, use));
    await untilAnswer(use, ({ status }) => status === 401);
    await untilReady(client);
    await use();
    statuses.delete(503);
    expect([...statuses]).toEqual([401]);
    interface Keys {
      readonly keys: readonly { readonly id: string; readonly status: string }[];
    }
    const { session: headers } = owner;
    const list = await client.request<Keys>('GET', '/v1/api-keys', { headers });
    expect(list).toMatchObject({ status: 200 });
    const statusOf = new Map(list.body.keys.map(({ id, status }) => [id, status]));
    expect(statusOf.get(revoked.apiKeyId)).toBe('Revoked');
    interface Entries {
      readonly entries: readonly { readonly type: string }[];
    }
    const audit = await client.request<Entries>('GET', '/v1/audit?type=KeyUsed', { headers });
    expect(audit.body.entries).toHaveLength(5);
  }

  it('lets no key in that was revoked since, while the api goes on', async () => {
    await backup.putBack();
    await expectRevokedForEver();
  }, 120_000);

  it('lets no key in that was revoked since, after a start of the api', async () => {
    for (const api of deployment.apis) await api.stop();
    await deployment.projector.stop();
    await backup.putBack();
    await Promise.all(deployment.apis.map((api) => api.start()));
    const { revoked } = scene;
    const first = await client.use(revoked.apiKey);
    expect([401, 503]).toContain(first.status);
    await deployment.projector.start();
    await expectRevokedForEver();
  }, 120_000);
});
