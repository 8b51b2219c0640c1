import { dropRetired } from '../src/generations.js';
import { runProjector } from '../src/projector.js';
import { lostEntries } from '../src/recovery/lost-entries.js';
import { recoverModels } from '../src/recovery/recover.js';
import { takenAway, type TakenAway } from '../src/recovery/taken-away.js';
import type { EventShape, RecordedEvent } from '@keytrail/event-store';
import {
  accountOpened,
  invitationWithdrawn,
  keyCreated,
  keyRevoked,
  keyUsed,
  memberInvited,
  memberJoined,
  memberRemoved,
  memberRoleChanged,
  recorded,
} from '../../../test/support/events.js';
import { longHistory } from './history.js';
import { logOf, MemoryLog } from './memory-log.js';
import { dump, projectAll, startTestModels, type TestModels, waitForAll } from './test-models.js';

const key = (number: number) => ({ keyId: `key_${number}`, secretHash: `hash_${number}` });
const events = (...shapes: readonly EventShape[]): RecordedEvent[] =>
  shapes.map((shape) => recorded(shape));

/** What an older copy of a log goes on with. */
const uses = (count: number): RecordedEvent[] =>
  events(...Array.from({ length: count }, () => keyUsed({ keyId: 'key_2' })));

describe('models made anew from a log that is not their own', () => {
  let models: TestModels;
  let stopping: AbortController;
  beforeEach(async () => {
    models = await startTestModels();
    stopping = new AbortController();
  });
  afterEach(async () => {
    stopping.abort();
    await models.stop();
  });

  interface Recovered {
    readonly switched: boolean;
    readonly taken: readonly TakenAway[];
    readonly lost: readonly string[];
  }

  /** @param again what is appended when the models of the log stand beside those being read */
  async function recover(log: MemoryLog, again: readonly RecordedEvent[] = []): Promise<Recovered> {
    const taken: TakenAway[] = [];
    const lost: string[] = [];
    const switched = await recoverModels(models.readModels, {
      ...{ source: log, head: log.head, signal: stopping.signal },
      onBuilt: async () => {
        for await (const each of takenAway(models.readModels)) taken.push(each);
        for await (const { eventId } of lostEntries(models.readModels)) lost.push(eventId);
        log.append(...again);
      },
    });
    return { switched, taken, lost };
  }

  /** What the models would hold had they never seen another log. */
  async function expected(log: MemoryLog): Promise<Record<string, unknown[]>> {
    const own = await startTestModels();
    try {
      await projectAll(own.readModels, logOf(...log.all));
      return await dump(own.readModels);
    } finally {
      await own.stop();
    }
  }

  const history = longHistory(3, 4);

  it.each([
    ['an older copy', history.slice(0, -4)],
    ['an older copy that has grown over its old end', [...history.slice(0, -4), ...uses(9)]],
    ['another one', longHistory(5, 5)],
    ['an empty one', []],
  ])('hold what it holds, and nothing else: %s', async (_, found) => {
    await projectAll(models.readModels, logOf(...history));
    const log = logOf(...found);
    expect(await recover(log)).toMatchObject({ switched: true });
    expect(await dump(models.readModels)).toEqual(await expected(log));
  });

  it('are gone on with by a projector, which leaves those that they have replaced alone', async () => {
    const { readModels } = models;
    await projectAll(readModels, logOf(...history));
    const log = logOf(...history.slice(0, -4));
    await recover(log);
    const previous = (await readModels.registry.load()).get('audit:previous');
    log.append(...uses(4));
    await projectAll(readModels, log);
    expect(await dump(readModels)).toEqual(await expected(log));
    expect((await readModels.registry.load()).get('audit:previous')).toEqual(previous);
  });

  it('hold what was appended when they were built, before anybody reads them', async () => {
    await projectAll(models.readModels, logOf(...history));
    const log = logOf(...history.slice(0, -4));
    await recover(log, events(keyRevoked({ keyId: 'key_2' })));
    const { credentials = [] } = await dump(models.readModels);
    expect(credentials).toContainEqual(
      expect.objectContaining({ _id: 'key_2', status: 'Revoked' }),
    );
  });

  it('are not read after an abort, and are taken up by the next attempt', async () => {
    const { readModels } = models;
    await projectAll(readModels, logOf(...history));
    const before = await dump(readModels);
    const log = new MemoryLog(5);
    log.append(...history.slice(0, -4));
    const cut = new AbortController();
    const options = { source: log, head: log.head, onBuilt: () => Promise.resolve() };
    const switched = await recoverModels(readModels, {
      ...options,
      signal: cut.signal,
      onProgress: () => {
        cut.abort();
      },
    });
    expect(switched).toBe(false);
    expect(await dump(readModels)).toEqual(before);
    const steps: number[] = [];
    await recoverModels(readModels, {
      ...options,
      signal: stopping.signal,
      onProgress: (progress) => steps.push(progress.events),
    });
    expect(steps.at(-1)).toBe(log.all.length - 5);
    expect(await dump(readModels)).toEqual(await expected(log));
  });

  it('that were begun from yet another log are thrown away', async () => {
    const { readModels } = models;
    await projectAll(readModels, logOf(...history));
    const cut = new AbortController();
    const other = logOf(...longHistory(4, 30));
    await recoverModels(readModels, {
      ...{ source: other, head: other.head, signal: cut.signal },
      onBuilt: () => Promise.resolve(),
      onProgress: () => {
        cut.abort();
      },
    });
    const log = logOf(...history.slice(0, -4));
    await recover(log);
    expect(await dump(readModels)).toEqual(await expected(log));
  });

  it('may follow each other within the grace time of the first', async () => {
    const { readModels } = models;
    await projectAll(readModels, logOf(...history));
    await recover(logOf(...history.slice(0, -4)));
    const log = logOf(...longHistory(2, 3));
    await recover(log);
    expect(await dump(readModels)).toEqual(await expected(log));
    await readModels.registry.entries.updateMany(
      { isDetached: true },
      { $set: { retireAt: new Date(0) } },
    );
    await dropRetired(readModels);
    const kept = [...(await readModels.registry.load()).keys()];
    expect(kept.filter((id) => id.includes(':'))).toEqual([]);
    const names = await readModels.db.listCollections({}, { nameOnly: true }).toArray();
    const generations = names.flatMap(({ name }) => /^keys_v\d+_g(\d+)$/.exec(name)?.[1] ?? []);
    expect(generations).toEqual(['3']);
  });

  it('are not switched to by a live projector meanwhile, nor written by it', async () => {
    const { readModels } = models;
    await projectAll(readModels, logOf(...history));
    const log = logOf(...history.slice(0, -4));
    const codes = new Set<unknown>();
    const projecting = runProjector(models.another(), {
      source: log,
      signal: stopping.signal,
      longestPauseMs: 20,
      onFailure: (error) => codes.add((error as { code?: unknown }).code),
    });
    await recover(log);
    log.append(...uses(4));
    await waitForAll(readModels, log);
    stopping.abort();
    await projecting;
    codes.delete('checkpoint_moved');
    expect([...codes]).toEqual(['event_log_mismatch']);
    expect(await dump(readModels)).toEqual(await expected(log));
  });

  describe('compared with those before', () => {
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
      const revoked = events(
        keyRevoked({ keyId: 'key_00003' }),
        keyRevoked({ keyId: 'key_02400' }),
      );
      await projectAll(models.readModels, logOf(...known, ...revoked));
      const { taken, lost } = await recover(logOf(...known));
      expect(taken).toEqual([
        { kind: 'key', accountId, keyId: 'key_00003' },
        { kind: 'key', accountId, keyId: 'key_02400' },
      ]);
      expect(lost).toHaveLength(2);
    });
  });
});
