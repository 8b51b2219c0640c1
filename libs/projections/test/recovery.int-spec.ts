import { dropRetired } from '../src/generations.js';
import { runProjector } from '../src/projector.js';
import { recoverModels } from '../src/recover.js';
import type { EventShape, RecordedEvent } from '@keytrail/event-store';
import { logOf, MemoryLog, recorded } from '@keytrail/testing';
import { dump, projectAll, waitForAll } from '../../../test/product/model-database.js';
import { closed, longHistory, startTestModels, type TestModels, used } from './items.js';

const events = (...shapes: readonly EventShape[]): RecordedEvent[] =>
  shapes.map((shape) => recorded(shape));

/** What an older copy of a log goes on with. */
const moreUses = (count: number): RecordedEvent[] =>
  events(...Array.from({ length: count }, () => used('thing_2')));

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

  /** @param again what is appended when the models of the log stand beside those being read */
  function recover(log: MemoryLog, again: readonly RecordedEvent[] = []): Promise<boolean> {
    return recoverModels(models.readModels, {
      ...{ source: log, head: log.head, signal: stopping.signal },
      onBuilt: () => {
        log.append(...again);
        return Promise.resolve();
      },
    });
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
    ['an older copy that has grown over its old end', [...history.slice(0, -4), ...moreUses(9)]],
    ['another one', longHistory(5, 5)],
    ['an empty one', []],
  ])('hold what it holds, and nothing else: %s', async (_, found) => {
    await projectAll(models.readModels, logOf(...history));
    const log = logOf(...found);
    expect(await recover(log)).toBe(true);
    expect(await dump(models.readModels)).toEqual(await expected(log));
  });

  it('are gone on with by a projector, which leaves those that they have replaced alone', async () => {
    const { readModels } = models;
    await projectAll(readModels, logOf(...history));
    const log = logOf(...history.slice(0, -4));
    await recover(log);
    const previous = (await readModels.registry.load()).get('journal:previous');
    log.append(...moreUses(4));
    await projectAll(readModels, log);
    expect(await dump(readModels)).toEqual(await expected(log));
    expect((await readModels.registry.load()).get('journal:previous')).toEqual(previous);
  });

  it('hold what was appended when they were built, before anybody reads them', async () => {
    await projectAll(models.readModels, logOf(...history));
    const log = logOf(...history.slice(0, -4));
    await recover(log, events(closed('thing_2')));
    const { items = [] } = await dump(models.readModels);
    expect(items).toContainEqual(expect.objectContaining({ _id: 'thing_2', status: 'closed' }));
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
    const generations = names.flatMap(({ name }) => /^items_v\d+_g(\d+)$/.exec(name)?.[1] ?? []);
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
    log.append(...moreUses(4));
    await waitForAll(readModels, log);
    stopping.abort();
    await projecting;
    codes.delete('checkpoint_moved');
    expect([...codes]).toEqual(['event_log_mismatch']);
    expect(await dump(readModels)).toEqual(await expected(log));
  });
});
