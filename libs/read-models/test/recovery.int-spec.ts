import type { EventShape, RecordedEvent } from '@keytrail/event-store';
import { recoverModels } from '@keytrail/projections';
import {
  accountOpened,
  invitationWithdrawn,
  keyCreated,
  keyRevoked,
  keyUsed,
  logOf,
  memberInvited,
  memberJoined,
  memberRemoved,
  memberRoleChanged,
  type MemoryLog,
  recorded,
} from '@keytrail/testing';
import { projectAll } from '../../../test/product/model-database.js';
import { lostEntries } from '../src/recovery/lost-entries.js';
import { takenAway, type TakenAway } from '../src/recovery/taken-away.js';
import { longHistory } from './history.js';
import { startTestModels, type TestModels } from './test-models.js';

const key = (number: number) => ({ keyId: `key_${number}`, secretHash: `hash_${number}` });
const events = (...shapes: readonly EventShape[]): RecordedEvent[] =>
  shapes.map((shape) => recorded(shape));

/** What an older copy of a log goes on with. */
const uses = (count: number): RecordedEvent[] =>
  events(...Array.from({ length: count }, () => keyUsed({ keyId: 'key_2' })));

describe('models of another log beside those being read', () => {
  let models: TestModels;
  beforeEach(async () => {
    models = await startTestModels();
  });
  afterEach(async () => {
    await models.stop();
  });

  interface Found {
    readonly taken: readonly TakenAway[];
    readonly lost: readonly string[];
  }

  async function recover(log: MemoryLog): Promise<Found> {
    const taken: TakenAway[] = [];
    const lost: string[] = [];
    await recoverModels(models.readModels, {
      ...{ source: log, head: log.head, signal: new AbortController().signal },
      onBuilt: async () => {
        for await (const each of takenAway(models.readModels)) taken.push(each);
        for await (const { eventId } of lostEntries(models.readModels)) lost.push(eventId);
      },
    });
    return { taken, lost };
  }

  const common = events(
    accountOpened(),
    memberJoined({ invitationId: null, userId: 'usr_ann', role: 'owner' }),
    memberJoined({ invitationId: null, userId: 'usr_ben', role: 'owner' }),
    memberJoined({ invitationId: null, userId: 'usr_cleo', role: 'reviewer' }),
    ...[1, 2, 3].map((number) => keyCreated(key(number))),
    keyRevoked({ keyId: 'key_3' }),
    memberInvited({ invitationId: 'inv_1', tokenHash: 'token_1' }),
    memberInvited({ invitationId: 'inv_2', tokenHash: 'token_2' }),
  );
  const since = events(
    keyRevoked({ keyId: 'key_1' }),
    memberRemoved({ userId: 'usr_ben' }),
    memberRoleChanged({ userId: 'usr_ann', role: 'reviewer' }),
    memberRoleChanged({ userId: 'usr_cleo', role: 'owner' }),
    invitationWithdrawn({ invitationId: 'inv_1' }),
    keyCreated(key(4)),
    keyRevoked({ keyId: 'key_4' }),
    keyUsed({ keyId: 'key_2' }),
  );
  const accountId = 'acc_1';

  it('tell all that was taken away since, and nothing that the log knows or never knew', async () => {
    await projectAll(models.readModels, logOf(...common, ...since));
    const { taken } = await recover(logOf(...common));
    expect(taken).toEqual([
      { kind: 'key', accountId, keyId: 'key_1' },
      { kind: 'role', accountId, userId: 'usr_ann', role: 'reviewer' },
      { kind: 'member', accountId, userId: 'usr_ben' },
      { kind: 'invitation', accountId, invitationId: 'inv_1' },
    ]);
  });

  it('list all that the log has lost, newest first', async () => {
    await projectAll(models.readModels, logOf(...common, ...since));
    const { lost } = await recover(logOf(...common));
    expect(lost).toEqual(since.map(({ id }) => id).reverse());
  });

  it('list it also when the log has grown since, and do not count what is new in it', async () => {
    await projectAll(models.readModels, logOf(...common, ...since));
    const { lost, taken } = await recover(logOf(...common, ...uses(12)));
    expect(lost).toEqual(since.map(({ id }) => id).reverse());
    expect(taken).toHaveLength(4);
  });

  it('list it also when something else stands at its place by now', async () => {
    await projectAll(models.readModels, logOf(...common, ...since));
    const grown = since.map(({ position: { commit } }) => recorded(keyUsed(), { commit }));
    const { lost } = await recover(logOf(...common, ...grown));
    expect(lost).toEqual(since.map(({ id }) => id).reverse());
  });

  it('list everything when the log is another one', async () => {
    await projectAll(models.readModels, logOf(...common, ...since));
    const { lost, taken } = await recover(logOf(...longHistory(2, 2)));
    expect(lost).toEqual([...common, ...since].map(({ id }) => id).reverse());
    expect(taken).toEqual([]);
  });

  it('list nothing when the log has lost nothing', async () => {
    await projectAll(models.readModels, logOf(...common, ...since));
    const { lost, taken } = await recover(logOf(...common, ...since));
    expect({ lost, taken }).toEqual({ lost: [], taken: [] });
  });

  it('find among many what few have lost', async () => {
    const many = Array.from({ length: 2_500 }, (_, number) =>
      keyCreated({ ...key(number), keyId: `key_${String(number).padStart(5, '0')}` }),
    );
    const known = events(accountOpened(), ...many);
    const revoked = events(keyRevoked({ keyId: 'key_00003' }), keyRevoked({ keyId: 'key_02400' }));
    await projectAll(models.readModels, logOf(...known, ...revoked));
    const { taken, lost } = await recover(logOf(...known));
    expect(taken).toEqual([
      { kind: 'key', accountId, keyId: 'key_00003' },
      { kind: 'key', accountId, keyId: 'key_02400' },
    ]);
    expect(lost).toHaveLength(2);
  });
});
