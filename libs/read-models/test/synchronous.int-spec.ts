import { findCredentials } from '../src/credentials/credentials.queries.js';
import { currentView, recoverModels } from '@keytrail/projections';
import { findMember } from '../src/members/members.queries.js';
import { keyCreated, keyRevoked, MemoryLog, oneOfEach, recorded } from '@keytrail/testing';
import { eventOfEachType } from './history.js';
import { dump, projectAll } from '../../../test/product/model-database.js';
import { startTestModels, type TestModels, writeEvents } from './test-models.js';

describe('synchronous writes', () => {
  let models: TestModels;
  beforeEach(async () => {
    models = await startTestModels();
  });
  afterEach(async () => {
    await models.stop();
  });

  const statusOf = async (hash: string) =>
    (await findCredentials(models.readModels, [hash])).get(hash)?.status;

  it('G2: a revocation is there for every process once written, with no projector', async () => {
    const created = recorded(keyCreated());
    await writeEvents(models.readModels, [created]);
    expect(await statusOf('hash_1')).toBe('Active');
    await writeEvents(models.another(), [created, recorded(keyRevoked())]);
    expect(await statusOf('hash_1')).toBe('Revoked');
  });

  it('finds many keys at once and nothing for unknown hashes', async () => {
    await writeEvents(models.readModels, [
      recorded(keyCreated()),
      recorded(keyCreated({ keyId: 'key_2', secretHash: 'hash_2', accountId: 'acc_2' })),
    ]);
    const found = await findCredentials(models.readModels, ['hash_2', 'hash_3', 'hash_1']);
    expect(Object.fromEntries(found)).toEqual({
      hash_1: {
        keyId: 'key_1',
        accountId: 'acc_1',
        name: 'CI',
        keyPrefix: 'axk_1234',
        status: 'Active',
        secretHash: 'hash_1',
      },
      hash_2: expect.objectContaining({ keyId: 'key_2', accountId: 'acc_2' }) as unknown,
    });
  });

  it('G2: a projector that is behind does not bring a revoked key back', async () => {
    const created = recorded(keyCreated());
    const revoked = recorded(keyRevoked());
    await writeEvents(models.readModels, [created, revoked]);
    const log = new MemoryLog();
    log.append(created);
    await projectAll(models.readModels, log);
    expect(await statusOf('hash_1')).toBe('Revoked');
  });

  it('G2: a projector that writes at the same time does not bring revoked keys back', async () => {
    const keyIds = Array.from({ length: 100 }, (_, index) => `key_${index}`);
    const created = keyIds.map((keyId) => recorded(keyCreated({ keyId, secretHash: keyId })));
    const revoked = keyIds.map((keyId) => recorded(keyRevoked({ keyId })));
    const log = new MemoryLog();
    log.append(...created);
    await Promise.all([
      projectAll(models.readModels, log),
      ...created.map(async (event, index) => {
        await writeEvents(models.readModels, [event]);
        await writeEvents(models.readModels, [event, ...revoked.slice(index, index + 1)]);
      }),
    ]);
    expect(new Set(await Promise.all(keyIds.map(statusOf)))).toEqual(new Set(['Revoked']));
  });

  it('G2: a revocation written before the key is known leaves it revoked', async () => {
    const created = recorded(keyCreated());
    await writeEvents(models.readModels, [recorded(keyRevoked())]);
    await writeEvents(models.readModels, [created]);
    expect(await statusOf('hash_1')).toBe('Revoked');
  });

  it('the same events twice, in any order, and again by the projector change nothing', async () => {
    const history = eventOfEachType.map((event) => recorded(event));
    await writeEvents(models.readModels, history);
    const once = await dump(models.readModels);
    await writeEvents(models.readModels, history);
    for (const event of [...history].reverse()) await writeEvents(models.readModels, [event]);
    expect(await dump(models.readModels)).toEqual(once);

    const log = new MemoryLog();
    log.append(...history);
    await projectAll(models.readModels, log);
    const { credentials, members, invitations } = await dump(models.readModels);
    expect({ credentials, members, invitations }).toEqual({
      credentials: once['credentials'],
      members: once['members'],
      invitations: once['invitations'],
    });
  });

  it('counts are the projector’s alone', async () => {
    await writeEvents(
      models.readModels,
      eventOfEachType.map((event) => recorded(event)),
    );
    const { accounts } = await dump(models.readModels);
    expect(accounts).toEqual([{ _id: 'acc_1', name: 'Example' }]);
  });

  it('G2: reach a generation that is being built, before it is switched to', async () => {
    const { readModels } = models;
    const log = new MemoryLog();
    await recoverModels(readModels, {
      ...{ source: log, head: log.head, signal: new AbortController().signal },
      onBuilt: () => writeEvents(readModels, [recorded(keyRevoked())]),
    });
    expect((await readModels.registry.load()).get('credentials')?.generation).toBe(2);
    const { credentials } = await dump(models.another());
    expect(credentials).toEqual([expect.objectContaining({ _id: 'key_1', status: 'Revoked' })]);
  });

  it('are of what a generation has not: events up to its checkpoint are in it already', async () => {
    const { readModels } = models;
    const created = recorded(keyCreated());
    const log = new MemoryLog();
    log.append(created);
    const view = await projectAll(readModels, log);
    const credentials = view.collection<{ _id: string }>('credentials');
    await credentials.deleteOne({ _id: 'key_1' });
    await writeEvents(readModels, [created]);
    expect(await credentials.findOne({ _id: 'key_1' })).toBeNull();
    // What is behind the checkpoint is written, also by a process that knows an older one.
    await writeEvents(models.another(), [created, recorded(keyRevoked())]);
    const found = await credentials.findOne({ _id: 'key_1' });
    expect(found).toMatchObject({ status: 'Revoked' });
    expect(found).not.toHaveProperty('secretHash');
  });

  it('to a generation that is being built are of what the active one has not', async () => {
    const { readModels } = models;
    const { registry } = readModels;
    const created = recorded(keyCreated());
    const log = new MemoryLog();
    log.append(created);
    await projectAll(readModels, log);
    const [active] = await registry.entries.find({ _id: 'credentials' }).toArray();
    if (!active) throw new Error('There is no such model');
    const collection = 'credentials_v1_g2';
    const next = { _id: 'credentials:next', generation: 2, collection, position: '' };
    await registry.entries.insertOne({ ...active, ...next });
    await writeEvents(readModels, [created, recorded(keyCreated({ keyId: 'key_2' }))]);
    const found = await readModels.db.collection<{ _id: string }>(collection).find().toArray();
    expect(found.map(({ _id }) => _id)).toEqual(['key_2']);
  });

  it('make a member known at once', async () => {
    const { MemberInvited, MemberJoined, MemberRoleChanged } = oneOfEach;
    await writeEvents(
      models.readModels,
      [MemberInvited, MemberJoined, MemberRoleChanged].map((event) => recorded(event)),
    );
    const view = await currentView(models.readModels);
    expect(await findMember(view, 'acc_1', 'usr_ben')).toMatchObject({ role: 'owner' });
    expect(await findMember(view, 'acc_2', 'usr_ben')).toBeNull();
  });
});
