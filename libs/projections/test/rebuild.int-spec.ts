import { BEGINNING } from '@keytrail/event-store';
import { jest } from '@jest/globals';
import { compareGenerations } from '../src/digest.js';
import { applyBatch } from '../src/apply-batch.js';
import { handOver, openNext } from '../src/generations.js';
import { loadLanes } from '../src/lanes.js';
import { runProjector } from '../src/projector.js';
import { levelGenerations, rebuildModels } from '../src/rebuild.js';
import { currentView } from '../src/wait-for-position.js';
import { MemoryLog, recorded } from '@keytrail/testing';
import { dump, projectAll, waitForAll } from '../../../test/product/model-database.js';
import {
  longHistory,
  startTestModels,
  testModelNames,
  testModels,
  type TestModels,
  used,
} from './items.js';

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
    await rebuildModels(models.readModels, testModelNames, options(log));
    expect(await generationOf('journal')).toBe(2);
    expect(await dump(models.readModels)).toEqual(before);
    for (const name of testModelNames) {
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
    await view.collection<{ _id: string }>('items').deleteOne({ _id: 'thing_2' });
    await rebuildModels(models.readModels, ['items'], options(log));
    expect(await dump(models.readModels)).toEqual(before);
    const digests = await compareGenerations(models.readModels, 'items');
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
      log.append(recorded(used('thing_2')));
    }, 2);
    const live = { ...options(log), patienceMs: Infinity };
    let misses = 0;
    let reads = 0;
    const reading = setInterval(() => {
      void currentView(reader)
        .then((view) => view.collection<{ _id: string }>('items').findOne({ _id: 'thing_2' }))
        .then((found) => {
          reads += 1;
          if (!found) misses += 1;
        });
    }, 2);
    try {
      await rebuildModels(models.readModels, testModelNames, live);
      await levelGenerations(models.readModels, testModelNames, live);
      const digests = await compareGenerations(models.readModels, 'items');
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
    expect(await generationOf('items')).toBe(2);
    const times = log.all.filter(({ type }) => type === 'Used').length;
    const { journal, uses } = await dump(models.readModels);
    expect(journal).toHaveLength(log.all.length);
    const counts = (uses as { count: number }[]).map(({ count }) => count);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(times);
  });

  it('G3: is not switched to before it has all that the old one has', async () => {
    const log = new MemoryLog(50);
    log.append(...longHistory(2, 2));
    const { readModels } = models;
    await projectAll(readModels, log);
    const before = await dump(readModels);
    const [items] = testModels;
    if (!items) throw new Error('There is no model');
    await handOver(readModels, [await openNext(readModels, items, log)]);
    const lanes = await loadLanes(readModels);
    const { switched } = await applyBatch(readModels, lanes, {
      events: [],
      progress: BEGINNING,
    });
    expect(switched).toBe(false);
    expect(await generationOf('items')).toBe(1);
    await rebuildModels(readModels, ['items'], options(log));
    expect(await generationOf('items')).toBe(2);
    expect(await dump(readModels)).toEqual(before);
  });

  it('that was cut off is taken up where it ended', async () => {
    const log = new MemoryLog(5);
    log.append(...longHistory(5, 20));
    await projectAll(models.readModels, log);
    const before = await dump(models.readModels);
    const cut = new AbortController();
    await rebuildModels(models.readModels, ['journal'], {
      ...options(log),
      signal: cut.signal,
      onProgress: () => {
        cut.abort();
      },
    });
    expect(await generationOf('journal')).toBe(1);
    expect(await generationOf('journal:next')).toBe(2);
    let events = 0;
    await rebuildModels(models.readModels, ['journal'], {
      ...options(log),
      onProgress: (progress) => ({ events } = progress),
    });
    expect(events).toBe(log.all.length - 5);
    expect(await generationOf('journal')).toBe(2);
    expect(await generationOf('journal:next')).toBeUndefined();
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
    expect(await rebuildModels(readModels, ['items'], { ...options(log), onBuilt })).toBe(true);
    const retireAt = (await readModels.registry.load()).get('items:previous')?.retireAt;
    const both = ['journal', 'items'] as const;
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
    await rebuildModels(readModels, ['items'], { ...options(log), patienceMs: 5_000 });
    let subscriptions = 0;
    const soon = new Date(Date.now() + 1_500);
    await rebuildModels(readModels, ['items'], {
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
          { _id: 'items:previous' },
          { $set: { retireAt: soon } },
        );
      },
    });
    stopping.abort();
    await projecting;
    expect(await generationOf('items')).toBe(3);
    expect(subscriptions).toBe(1);
  });

  it('drops the old generation once its time is over', async () => {
    const log = new MemoryLog(50);
    log.append(...longHistory(2, 2));
    const { readModels } = models;
    await projectAll(readModels, log);
    await rebuildModels(readModels, ['items'], options(log));
    await readModels.registry.entries.updateOne(
      { _id: 'items:previous' },
      { $set: { retireAt: new Date(0) } },
    );
    await rebuildModels(readModels, ['items'], options(log));
    expect(await generationOf('items')).toBe(3);
    const names = await readModels.db.listCollections({}, { nameOnly: true }).toArray();
    expect(names.map(({ name }) => name)).not.toContain('items_v1_g1');
  });
});
