import { keyStream } from '@keytrail/domain';
import { EventLog, formatPosition } from '@keytrail/event-store';
import { countUnapplied, waitForPosition } from '@keytrail/projections';
import { findKey, openReadModels, type ReadModels } from '@keytrail/read-models';
import { keyCreated, recorded } from '@keytrail/testing';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describeWithOwnEventStore } from '../support/describe-with.js';
import { randomOf, runSeed } from '../support/random.js';
import { deploy } from './deployment.js';
import type { Deployment } from './deployment.js';

const LIVES = 8;

describeWithOwnEventStore(`an event that a list cannot take (seed ${runSeed})`, () => {
  const random = randomOf(runSeed);
  let deployment: Deployment;
  let log: EventLog;
  let models: ReadModels;

  beforeAll(async () => {
    deployment = await deploy({ apis: 1 });
    log = new EventLog(deployment.eventStoreUrl);
    models = openReadModels(deployment.mongoUrl);
  });
  afterAll(async () => {
    await Promise.all([log.close(), models.close()]);
    await deployment.stop();
  });

  /** A key in a stream of its own; the list of keys refuses one that is in another stream already. */
  async function createKey(keyId = `key_${randomUUID()}`): Promise<[keyId: string, at: string]> {
    const event = keyCreated({ keyId, secretHash: randomUUID() });
    const { context } = recorded(event);
    const { position } = await log.append(
      keyStream(randomUUID()),
      [{ id: randomUUID(), event, context }],
      'no_stream',
      { giveUpAfterMs: 20_000 },
    );
    return [keyId, formatPosition(position)];
  }

  it('G4: keeps nothing else from the lists, whenever the projector is killed', async () => {
    const { projector } = deployment;
    const [first] = await createKey();
    for (let life = 1; life <= LIVES; life += 1) {
      await projector.kill9();
      for (let each = 0; each < 12; each += 1) await createKey(each % 4 === 1 ? first : undefined);
      await projector.start();
      // Somewhere in the work, or after it: that is what is to be met.
      await pause(random() * 400);
    }
    const [last, position] = await createKey();
    const view = await waitForPosition(models, ['keys', 'audit'], position, { timeoutMs: 60_000 });
    expect(await findKey(view, 'acc_1', last)).toMatchObject({ status: 'Active' });
    expect(await view.collection('keys').countDocuments({})).toBe(2 + LIVES * 9);
    expect(await view.collection('audit').countDocuments({})).toBe(2 + LIVES * 12);
    expect(await countUnapplied(models)).toBe(LIVES * 3);
    expect(await models.registry.unapplied.countDocuments({})).toBe(LIVES * 3);
  }, 180_000);

  it('is told by the api, which is ready', async () => {
    const answer = await fetch(`${deployment.urls[0]}/healthz/ready`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ status: 'ready', unappliedEvents: LIVES * 3 });
  });
});
