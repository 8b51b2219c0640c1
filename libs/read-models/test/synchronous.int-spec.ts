import { formatPosition } from '@keytrail/event-store';
import { findCredentials } from '../src/credentials/credentials.queries.js';
import { currentView, recoverModels } from '@keytrail/projections';
import { eventsAfter, writeSynchronously } from '../src/synchronous.js';
import { findMember } from '../src/members/members.queries.js';
import { keyCreated, keyRevoked, MemoryLog, oneOfEach, recorded } from '@keytrail/testing';
import { eventOfEachType } from './history.js';
import { dump, projectAll } from '../../../test/product/model-database.js';
import { startTestModels, type TestModels } from './test-models.js';

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
    await writeSynchronously(models.readModels, [created]);
    expect(await statusOf('hash_1')).toBe('Active');
    await writeSynchronously(models.another(), [created, recorded(keyRevoked())]);
    expect(await statusOf('hash_1')).toBe('Revoked');
  });

  it('finds many keys at once and nothing for unknown hashes', async () => {
    await writeSynchronously(models.readModels, [
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
    await writeSynchronously(models.readModels, [created, revoked]);
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
        await writeSynchronously(models.readModels, [event]);
        await writeSynchronously(models.readModels, [event, ...revoked.slice(index, index + 1)]);
      }),
    ]);
    expect(new Set(await Promise.all(keyIds.map(statusOf)))).toEqual(new Set(['Revoked']));
  });

  it('G2: a revocation written before the key is known leaves it revoked', async () => {
    const created = recorded(keyCreated());
    await writeSynchronously(models.readModels, [recorded(keyRevoked())]);
    await writeSynchronously(models.readModels, [created]);
    expect(await statusOf('hash_1')).toBe('Revoked');
  });

  it('the same events twice, in any order, and again by the projector change nothing', async () => {
    const history = eventOfEachType.map((event) => recorded(event));
    await writeSynchronously(models.readModels, history);
    const once = await dump(models.readModels);
    await writeSynchronously(models.readModels, history);
    for (const event of [...history].reverse())
      await writeSynchronously(models.readModels, [event]);
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
    await writeSynchronously(
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
      onBuilt: () => writeSynchronously(readModels, [recorded(keyRevoked())]),
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
    await writeSynchronously(readModels, [created]);
    expect(await credentials.findOne({ _id: 'key_1' })).toBeNull();
    // What is behind the checkpoint is written, also by a process that knows an older one.
    await writeSynchronously(models.another(), [created, recorded(keyRevoked())]);
    const found = await credentials.findOne({ _id: 'key_1' });
    expect(found).toMatchObject({ status: 'Revoked' });
    expect(found).not.toHaveProperty('secretHash');
  });

  it('look at little more than what is new, however long the history', () => {
    let looks = 0;
    const history = Array.from({ length: 10_000 }, (_, index) => {
      const { position, ...event } = recorded(keyCreated(), { commit: BigInt(index) });
      return Object.defineProperty(event, 'position', {
        get: () => {
          looks += 1;
          return position;
        },
      }) as typeof event & { readonly position: typeof position };
    });
    const [...news] = eventsAfter(history, formatPosition({ commit: 9_996n, prepare: 9_996n }));
    expect(news).toEqual(history.slice(9_997));
    expect(looks).toBeLessThan(10);
  });

  it('make a member known at once', async () => {
    const { MemberInvited, MemberJoined, MemberRoleChanged } = oneOfEach;
    await writeSynchronously(
      models.readModels,
      [MemberInvited, MemberJoined, MemberRoleChanged].map((event) => recorded(event)),
    );
    const view = await currentView(models.readModels);
    expect(await findMember(view, 'acc_1', 'usr_ben')).toMatchObject({ role: 'owner' });
    expect(await findMember(view, 'acc_2', 'usr_ben')).toBeNull();
  });
});
