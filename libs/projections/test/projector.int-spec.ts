import { MongoNetworkError, type WithSessionCallback } from 'mongodb';
import { applyBatch } from '../src/apply-batch.js';
import { loadLanes } from '../src/lanes.js';
import { runProjector } from '../src/projector.js';
import type { ReadModels } from '../src/read-models.js';
import { MemoryLog, progressAt, recorded } from '@keytrail/testing';
import { dump, projectAll, waitForAll } from '../../../test/product/model-database.js';
import { longHistory, startTestModels, type TestModels, used } from './items.js';

describe('the projector', () => {
  let models: TestModels;
  beforeEach(async () => {
    models = await startTestModels();
  });
  afterEach(async () => {
    await models.stop();
  });

  it('leaves the same documents whatever the size of the batches', async () => {
    const history = longHistory(7, 9);
    const dumps = [];
    for (const batchSize of [1, 4, 1_000]) {
      const log = new MemoryLog(batchSize);
      log.append(...history);
      const own = await startTestModels();
      await projectAll(own.readModels, log);
      dumps.push(await dump(own.readModels));
      await own.stop();
    }
    expect(dumps[0]?.['journal']).toHaveLength(history.length);
    expect(dumps[1]).toEqual(dumps[0]);
    expect(dumps[2]).toEqual(dumps[0]);
  });

  it('G4: two projectors side by side double nothing', async () => {
    const log = new MemoryLog(2);
    const stopping = new AbortController();
    const second = models.another();
    let failures = 0;
    const running = [models.readModels, second].map((readModels) =>
      runProjector(readModels, {
        source: log,
        signal: stopping.signal,
        onFailure: () => (failures += 1),
      }),
    );
    const history = longHistory(5, 20);
    for (const event of history) {
      log.append(event);
      await new Promise(setImmediate);
    }
    await waitForAll(models.readModels, log);
    stopping.abort();
    await Promise.all(running);
    await new Promise(setImmediate);
    expect(failures).toBeGreaterThan(0);
    expect(log.openSubscriptions).toBe(0);
    expect(await dump(models.readModels)).toEqual(await expected(history));
  });

  it('G4: a projector whose checkpoint is no longer the newest is refused, and writes nothing', async () => {
    const log = new MemoryLog(100);
    const history = longHistory(2, 2);
    log.append(...history);
    const { readModels } = models;
    const stale = await loadLanes(readModels);
    await projectAll(readModels, log);
    const before = await dump(readModels);
    const late = recorded(used('thing_2'));
    const batch = { events: [late], progress: progressAt(late) };
    await expect(applyBatch(readModels, stale, batch)).rejects.toMatchObject({
      code: 'checkpoint_moved',
    });
    expect(await dump(readModels)).toEqual(before);
  });

  it('G4: a failure at any write loses nothing and doubles nothing', async () => {
    const history = longHistory(4, 3);
    const log = new MemoryLog(5);
    log.append(...history);
    let writes = 0;
    let failAt = 0;
    const { readModels } = models;
    const { registry } = readModels;
    const original = registry.collectionOf.bind(registry);
    registry.collectionOf = (entry, side) => {
      writes += 1;
      if (writes === failAt) {
        failAt += 1;
        writes = 0;
        throw new MongoNetworkError('The store is gone');
      }
      return original(entry, side);
    };
    failAt = 1;
    await projectAll(readModels, log);
    registry.collectionOf = original;
    expect(failAt).toBeGreaterThan(5);
    expect(await dump(readModels)).toEqual(await expected(history));
  });

  it('G4: a commit whose answer is lost is not done twice', async () => {
    const history = longHistory(3, 5);
    const log = new MemoryLog(4);
    log.append(...history);
    const { readModels } = models;
    let calls = 0;
    const forgetful: ReadModels = {
      ...readModels,
      client: new Proxy(readModels.client, {
        get: (client, name) =>
          name === 'withSession'
            ? async (work: WithSessionCallback) => {
                await client.withSession(work);
                calls += 1;
                if (calls % 2 === 1) throw new Error('The answer is lost');
              }
            : (Reflect.get(client, name) as unknown),
      }),
    };
    await projectAll(forgetful, log);
    expect(calls).toBeGreaterThan(2);
    expect(await dump(readModels)).toEqual(await expected(history));
  });

  /** The documents that one undisturbed projector makes. */
  async function expected(history: ReturnType<typeof longHistory>) {
    const log = new MemoryLog(1_000);
    log.append(...history);
    const own = await startTestModels();
    try {
      await projectAll(own.readModels, log);
      return await dump(own.readModels);
    } finally {
      await own.stop();
    }
  }
});
