import { BEGINNING } from '@keytrail/event-store';
import { jest } from '@jest/globals';
import { compareGenerations } from '../src/digest.js';
import { findKey } from '../src/keys/keys.queries.js';
import { applyBatch } from '../src/apply-batch.js';
import { handOver, openNext } from '../src/generations.js';
import { loadLanes } from '../src/lanes.js';
import { allModels, modelNames } from '../src/models.js';
import { runProjector } from '../src/projector.js';
import { levelGenerations, rebuildModels } from '../src/rebuild.js';
import { currentView } from '../src/wait-for-position.js';
import { keyUsed, recorded } from '../../../test/support/events.js';
import { longHistory } from './history.js';
import { MemoryLog } from './memory-log.js';
import { dump, projectAll, startTestModels, type TestModels, waitForAll } from './test-models.js';

jest.setTimeout(30_000);

describe('a rebuild', () => {
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

  const options = (log: MemoryLog) => ({
    source: log,
    head: log.head,
    signal: stopping.signal,
    patienceMs: 0,
  });
  const generationOf = async (id: string) =>
    (await models.readModels.registry.load()).get(id)?.generation;

  it('G4: of all models gives the same documents', async () => {
    const log = new MemoryLog(50);
    log.append(...longHistory(5, 20));
    await projectAll(models.readModels, log);
    const before = await dump(models.readModels);
    await rebuildModels(models.readModels, modelNames, options(log));
    expect(await generationOf('audit')).toBe(2);
    expect(await dump(models.readModels)).toEqual(before);
    for (const name of modelNames) {
      const digests = await compareGenerations(models.readModels, name);
      expect(digests?.new).toBe(digests?.old);
      expect(digests?.documents.new).toBe(digests?.documents.old);
    }
  });

  it('mends a model that was damaged, and says that it was different', async () => {
    const log = new MemoryLog(50);
    log.append(...longHistory(3, 2));
    const view = await projectAll(models.readModels, log);
    const before = await dump(models.readModels);
    await view.collection<{ _id: string }>('keys').deleteOne({ _id: 'key_2' });
    await rebuildModels(models.readModels, ['keys'], options(log));
    expect(await dump(models.readModels)).toEqual(before);
    const digests = await compareGenerations(models.readModels, 'keys');
    expect(digests?.documents).toEqual({ old: 2, new: 3 });
    expect(digests?.new).not.toBe(digests?.old);
  });

  it('goes on beside a live projector and readers: no gap, nothing lost, nothing doubled', async () => {
    const log = new MemoryLog(100);
    log.append(...longHistory(5, 40));
    const reader = models.another();
    const projecting = runProjector(models.another(), {
      source: log,
      signal: stopping.signal,
    });
    await waitForAll(reader, log);
    const feeding = setInterval(() => {
      log.append(recorded(keyUsed({ keyId: 'key_2', accountId: 'acc_0' })));
    }, 2);
    const live = { ...options(log), patienceMs: Infinity };
    let misses = 0;
    let reads = 0;
    const reading = setInterval(() => {
      void currentView(reader)
        .then((view) => findKey(view, 'acc_0', 'key_2'))
        .then((found) => {
          reads += 1;
          if (!found) misses += 1;
        });
    }, 2);
    try {
      await rebuildModels(models.readModels, modelNames, live);
      await levelGenerations(models.readModels, modelNames, live);
      const digests = await compareGenerations(models.readModels, 'keys');
      expect(digests?.new).toBe(digests?.old);
    } finally {
      clearInterval(feeding);
      clearInterval(reading);
    }
    await waitForAll(models.readModels, log);
    stopping.abort();
    await projecting;
    expect(misses).toBe(0);
    expect(reads).toBeGreaterThan(10);
    expect(await generationOf('keys')).toBe(2);
    const uses = log.all.filter(({ type }) => type === 'KeyUsed').length;
    const { audit = [], usage = [] } = await dump(models.readModels);
    expect(audit).toHaveLength(log.all.length);
    const counted = (usage as { bucket: string; count: number }[])
      .filter(({ bucket }) => bucket === 'day')
      .reduce((sum, { count }) => sum + count, 0);
    expect(counted).toBe(uses);
  });

  it('G3: is not switched to before it has all that the old one has', async () => {
    const log = new MemoryLog(50);
    log.append(...longHistory(2, 2));
    const { readModels } = models;
    await projectAll(readModels, log);
    const before = await dump(readModels);
    const keys = allModels.filter(({ name }) => name === 'keys');
    await handOver(readModels, await Promise.all(keys.map((model) => openNext(readModels, model))));
    const lanes = await loadLanes(readModels.registry);
    const { switched } = await applyBatch(readModels, lanes, {
      events: [],
      progress: BEGINNING,
    });
    expect(switched).toBe(false);
    expect(await generationOf('keys')).toBe(1);
    await rebuildModels(readModels, ['keys'], options(log));
    expect(await generationOf('keys')).toBe(2);
    expect(await dump(readModels)).toEqual(before);
  });

  it('that was cut off is taken up where it ended', async () => {
    const log = new MemoryLog(5);
    log.append(...longHistory(5, 20));
    await projectAll(models.readModels, log);
    const before = await dump(models.readModels);
    const cut = new AbortController();
    await rebuildModels(models.readModels, ['audit'], {
      ...options(log),
      signal: cut.signal,
      onProgress: () => {
        cut.abort();
      },
    });
    expect(await generationOf('audit')).toBe(1);
    expect(await generationOf('audit:next')).toBe(2);
    let events = 0;
    await rebuildModels(models.readModels, ['audit'], {
      ...options(log),
      onProgress: (progress) => ({ events } = progress),
    });
    expect(events).toBe(log.all.length - 5);
    expect(await generationOf('audit')).toBe(2);
    expect(await generationOf('audit:next')).toBeUndefined();
    expect(await dump(models.readModels)).toEqual(before);
  });

  it('says until when an earlier one holds up its switch', async () => {
    const log = new MemoryLog(50);
    log.append(...longHistory(2, 2));
    const { readModels } = models;
    await projectAll(readModels, log);
    const told: (Date | null)[] = [];
    const onBuilt = (earliestSwitch: Date | null) => {
      told.push(earliestSwitch);
      if (earliestSwitch) stopping.abort();
    };
    expect(await rebuildModels(readModels, ['keys'], { ...options(log), onBuilt })).toBe(true);
    const retireAt = (await readModels.registry.load()).get('keys:previous')?.retireAt;
    const both = ['audit', 'keys'] as const;
    expect(await rebuildModels(readModels, both, { ...options(log), onBuilt })).toBe(false);
    expect(told).toEqual([null, retireAt]);
  });

  it('does not stand in for a live projector that an earlier one holds up', async () => {
    const log = new MemoryLog(50);
    log.append(...longHistory(2, 2));
    const { readModels } = models;
    const projecting = runProjector(models.another(), {
      source: log,
      signal: stopping.signal,
    });
    await waitForAll(readModels, log);
    await rebuildModels(readModels, ['keys'], { ...options(log), patienceMs: 5_000 });
    let subscriptions = 0;
    const soon = new Date(Date.now() + 1_500);
    await rebuildModels(readModels, ['keys'], {
      ...options(log),
      patienceMs: 1_000,
      source: {
        subscribe: (from, signal) => {
          subscriptions += 1;
          return log.subscribe(from, signal);
        },
        verify: (progress) => log.verify(progress),
      },
      onProgress: () => {
        void readModels.registry.entries.updateOne(
          { _id: 'keys:previous' },
          { $set: { retireAt: soon } },
        );
      },
    });
    stopping.abort();
    await projecting;
    expect(await generationOf('keys')).toBe(3);
    expect(subscriptions).toBe(1);
  });

  it('drops the old generation once its time is over', async () => {
    const log = new MemoryLog(50);
    log.append(...longHistory(2, 2));
    const { readModels } = models;
    await projectAll(readModels, log);
    await rebuildModels(readModels, ['keys'], options(log));
    await readModels.registry.entries.updateOne(
      { _id: 'keys:previous' },
      { $set: { retireAt: new Date(0) } },
    );
    await rebuildModels(readModels, ['keys'], options(log));
    expect(await generationOf('keys')).toBe(3);
    const names = await readModels.db.listCollections({}, { nameOnly: true }).toArray();
    expect(names.map(({ name }) => name)).not.toContain('keys_v1_g1');
  });
});
