import { type Answer, Client, type IssuedKey } from '../support/client.js';
import { nodeCommand } from '../support/engines/environment.js';
import { describeWithOwnEventStore } from '../support/describe-with.js';
import { deploy, type Deployment } from './deployment.js';
import { Backup, rebuildAll, type Scene, setScene, untilAnswer, untilReady } from './restored.js';

const USES_TO_GROW = 80;

const codeOf = ({ status, body }: Answer): unknown => [status, body['code']];
const MISMATCH = [503, 'event_log_mismatch'];

describeWithOwnEventStore('an event log that was put back or exchanged', () => {
  let deployment: Deployment;
  let client: Client;
  let scene: Scene;
  let backup: Backup;
  let lost: IssuedKey;
  let statusesOfRevoked: Set<number>;

  beforeEach(async () => {
    deployment = await deploy({ apis: 1 });
    client = new Client(deployment.urls[0] ?? '');
    scene = await setScene(client);
    expect((await client.use(scene.active.apiKey)).status).toBe(200);
    backup = await Backup.of(deployment, nodeCommand() === '' ? 'eventstore' : 'events');
    await untilReady(client);
    lost = await changeAfterBackup();
    statusesOfRevoked = new Set();
  });
  afterEach(async () => {
    await client.close();
    await deployment.stop();
    await backup.remove();
  });

  /** What the copy of the log does not know. */
  async function changeAfterBackup(): Promise<IssuedKey> {
    const { owner, member, revoked } = scene;
    const { session: headers } = owner;
    expect((await client.revoke(headers, revoked.apiKeyId)).status).toBeLessThan(300);
    const removal = await client.request('DELETE', `/v1/members/${member.userId}`, { headers });
    expect(removal.status).toBeLessThan(300);
    const key = await client.createKey(headers, 'Lost');
    for (let use = 0; use < 3; use += 1) expect((await client.use(key.apiKey)).status).toBe(200);
    // The lists hold it all before the log is taken away.
    expect((await list()).status).toBe(200);
    return key;
  }

  const list = (): Promise<Answer> =>
    client.request('GET', '/v1/api-keys', { headers: scene.owner.session });

  async function useRevoked(): Promise<void> {
    statusesOfRevoked.add((await client.use(scene.revoked.apiKey)).status);
  }

  /** Waits until the log is told from the one that is known, and holds all against what is promised then. */
  async function expectRefusals(): Promise<void> {
    const { owner, member, active } = scene;
    const { session: headers } = owner;
    const listed = new Set<number>();
    await untilAnswer(
      async () => {
        await useRevoked();
        const answer = await list();
        listed.add(answer.status);
        return answer;
      },
      (answer) => answer.body['code'] === 'event_log_mismatch',
    );
    expect([...listed]).toEqual([503]);
    const asked = [
      ['GET', '/v1/api-keys'],
      ['GET', `/v1/api-keys/${active.apiKeyId}`],
      ['GET', '/v1/audit'],
      ['GET', '/v1/usage'],
      ['GET', '/v1/transactions'],
      ['DELETE', `/v1/api-keys/${active.apiKeyId}`],
      ['DELETE', `/v1/members/${member.userId}`],
    ] as const;
    for (const [method, path] of asked) {
      expect([path, codeOf(await client.request(method, path, { headers }))]).toEqual([
        path,
        MISMATCH,
      ]);
    }
    const creation = { headers, body: { name: 'Refused' } };
    expect(codeOf(await client.request('POST', '/v1/api-keys', creation))).toEqual(MISMATCH);
    const ready = await untilAnswer(
      () => client.request('GET', '/healthz/ready'),
      ({ body }) => JSON.stringify(body).includes('is not the one'),
    );
    expect(ready.status).toBe(503);
    await useRevoked();
    await untilAnswer(
      () => client.use(active.apiKey),
      ({ status }) => status === 200,
    );
  }

  async function expectTakenAwayStill(): Promise<void> {
    await useRevoked();
    expect([...statusesOfRevoked]).toEqual([401]);
    expect(codeOf(await client.use(scene.revoked.apiKey))).toEqual([401, 'revoked_key']);
    expect(codeOf(await client.use(lost.apiKey))).toEqual([401, 'unknown_key']);
    const { accountId, session } = scene.owner;
    const inAccount = { 'keytrail-account': accountId };
    const as = (headers: Readonly<Record<string, string>>) =>
      client.request<{ members: { userId: string }[] }>('GET', '/v1/members', {
        headers: { ...headers, ...inAccount },
      });
    const members = (await as(session)).body.members.map(({ userId }) => userId);
    expect(members).toEqual([scene.owner.userId]);
    expect([401, 403, 404]).toContain((await as(scene.member.session)).status);
  }

  async function expectAllWorks(): Promise<void> {
    await untilReady(client);
    const { session: headers } = scene.owner;
    for (const path of ['/v1/api-keys', '/v1/audit', '/v1/usage', '/v1/transactions']) {
      expect((await client.request('GET', path, { headers })).status).toBe(200);
    }
    expect((await client.use(scene.active.apiKey)).status).toBe(200);
    const created = await client.createKey(headers, 'New');
    expect((await client.use(created.apiKey)).status).toBe(200);
    expect(deployment.apis.flatMap((api) => api.failures)).toEqual([]);
  }

  it('is refused as an older copy, and gives back nothing that was taken away', async () => {
    await backup.putBack();
    await expectRefusals();
    const { stdout, lost: lines } = await rebuildAll(deployment);
    expect(stdout).toContain('keys revoked: 1');
    expect(stdout).toContain('members removed: 1');
    const entries = lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    const ofLost = entries.filter(({ apiKeyId }) => apiKeyId === lost.apiKeyId);
    expect(ofLost.map(({ type }) => type).sort()).toEqual([
      'KeyCreated',
      ...Array<string>(3).fill('KeyUsed'),
    ]);
    await expectAllWorks();
    await expectTakenAwayStill();
  }, 240_000);

  it('is refused as an older copy that has grown over its old end meanwhile', async () => {
    await backup.putBack();
    for (let use = 0; use < USES_TO_GROW; use += 1) {
      await untilAnswer(
        () => client.use(scene.active.apiKey),
        ({ status }) => status === 200,
      );
      await useRevoked();
    }
    await expectRefusals();
    await rebuildAll(deployment);
    await expectAllWorks();
    await expectTakenAwayStill();
  }, 240_000);

  it('is refused as another one', async () => {
    await backup.replaceByNew();
    await expectRefusals();
    await rebuildAll(deployment);
    await untilReady(client);
    await useRevoked();
    expect([...statusesOfRevoked]).toEqual([401]);
    // Nobody is in any account of a log that knows none.
    expect(codeOf(await client.use(scene.active.apiKey))).toEqual([401, 'unknown_key']);
  }, 240_000);
});
