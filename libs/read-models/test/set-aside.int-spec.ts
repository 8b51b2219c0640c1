import { jest } from '@jest/globals';
import type { EventShape, RecordedEvent } from '@keytrail/event-store';
import { countUnapplied } from '@keytrail/projections';
import {
  accountOpened,
  isPoison,
  keyCreated,
  keyRevoked,
  logOf,
  memberInvited,
  memberJoined,
  memberRemoved,
  poison,
  recorded,
  type Refusal,
  weakened,
} from '@keytrail/testing';
import { dump, projectAll } from '../../../test/product/model-database.js';
import type { ModelName } from '../src/common/keytrail-model.js';
import { findCredentials } from '../src/credentials/credentials.queries.js';
import { allModels, modelNames } from '../src/models.js';
import { longHistory } from './history.js';
import { startTestModels, type TestModels, writeEvents } from './test-models.js';

const bothWays: readonly Refusal[] = ['a projection that throws', 'a write that the store refuses'];

describe('an event that a read model cannot take', () => {
  let models: TestModels;
  beforeEach(async () => {
    models = await startTestModels();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await models.stop();
  });

  function weaken(name: ModelName, refusal: Refusal): void {
    for (const model of allModels.filter((each) => each.name === name)) {
      const weak = weakened(model.project, refusal);
      jest.spyOn(model, 'project').mockImplementation(weak);
    }
  }

  /** An event as one command wrote it. */
  const written = (causationId: string, event: EventShape): RecordedEvent => {
    const { context, ...rest } = recorded(event);
    return { ...rest, context: { ...context, causationId } };
  };

  const bad = keyCreated({ keyId: 'key_bad', accountId: 'acc_1', secretHash: 'bad' });

  describe.each(bothWays)('because of %s', (refusal) => {
    it.each(modelNames)(
      'does not keep the others, nor %s itself, from what follows',
      async (name) => {
        const [opened, ...others] = longHistory(3, 2);
        if (!opened) throw new Error('There is no history');
        const history = [opened, ...others, recorded(poison(bad)), recorded(keyRevoked())];
        weaken(name, refusal);
        await projectAll(models.readModels, logOf(...history));
        expect(await countUnapplied(models.readModels)).toBe(1);
        const found = await dump(models.readModels);

        jest.restoreAllMocks();
        const own = await startTestModels();
        await projectAll(own.readModels, logOf(...history.filter((event) => !isPoison(event))));
        const lacking = await dump(own.readModels);
        await own.stop();
        expect(found[name]).toEqual(lacking[name]);
        expect(found['audit']).toHaveLength(name === 'audit' ? history.length - 1 : history.length);
      },
    );

    it('is not acknowledged by the command that wrote it', async () => {
      weaken('credentials', refusal);
      const { readModels } = models;
      const stream = [written('cmd_1', poison(bad))];
      const refused = { code: 'event_unapplied' };
      await expect(writeEvents(readModels, stream)).rejects.toMatchObject(refused);
      // The projector has set it aside meanwhile, and the command is repeated.
      await projectAll(readModels, logOf(...stream));
      await expect(writeEvents(readModels, stream)).rejects.toMatchObject(refused);
      expect((await findCredentials(readModels, ['bad'])).size).toBe(0);
    });

    it('does not fail the commands that follow, whether or not the projector has come by', async () => {
      weaken('members', refusal);
      const { readModels } = models;
      const stream = [
        written('cmd_1', accountOpened()),
        written('cmd_1', poison(memberJoined({ userId: 'usr_bad' }))),
        written('cmd_2', memberJoined({ userId: 'usr_2' })),
      ];
      await writeEvents(readModels, stream);
      await projectAll(readModels, logOf(...stream));
      const invited = written('cmd_3', memberInvited({ invitationId: 'inv_9' }));
      await writeEvents(readModels, [...stream, invited]);
      const { members, invitations } = await dump(readModels);
      expect(members).toEqual([expect.objectContaining({ userId: 'usr_2' })]);
      expect(invitations).toContainEqual(expect.objectContaining({ _id: 'inv_9' }));
    });

    it.each([
      ['credentials', keyRevoked({ keyId: 'key_1' }), keyCreated({ keyId: 'key_2' })],
      ['members', memberRemoved({ userId: 'usr_ben' }), memberInvited()],
    ] as const)(
      'G2: is never acknowledged when it takes something away: %s',
      async (name, taking, later) => {
        weaken(name, refusal);
        const { readModels } = models;
        const refused = { code: 'event_unapplied' };
        const stream = [written('cmd_1', poison(taking))];
        const repeated = [...stream, written('cmd_2', later)];
        await expect(writeEvents(readModels, stream)).rejects.toMatchObject(refused);
        await expect(writeEvents(readModels, repeated)).rejects.toMatchObject(refused);
        await projectAll(readModels, logOf(...repeated));
        await expect(writeEvents(readModels, repeated)).rejects.toMatchObject(refused);
      },
    );
  });
});
