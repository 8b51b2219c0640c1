import { formatPosition, type RecordedEvent } from '@keytrail/event-store';
import { jest } from '@jest/globals';
import {
  isPoison,
  logOf,
  MemoryLog,
  poison,
  recorded,
  type Refusal,
  refusals,
  weakened,
} from '@keytrail/testing';
import type { WithSessionCallback } from 'mongodb';
import { dump, projectAll, startModels, waitForAll } from '../../../test/product/model-database.js';
import {
  countUnapplied,
  type ReadModels,
  rebuildModels,
  runProjector,
  type UnappliedEvent,
} from '../src/index.js';
import {
  added,
  closed,
  longHistory,
  startTestModels,
  testModelNames,
  testModels,
  type TestModels,
  used,
} from './items.js';

jest.setTimeout(60_000);

/** Gives events the places in which they stand here. */
const inOrder = (...events: readonly RecordedEvent[]): RecordedEvent[] =>
  events.map((event, index) => {
    const commit = BigInt(index + 1) * 10n;
    return { ...event, position: { commit, prepare: commit } };
  });

const allKinds = Object.keys(refusals) as Refusal[];
const refused = 'a write that the store refuses';
const bothWays: readonly Refusal[] = ['a projection that throws', refused];

/** All models, of which some cannot take poison. */
const weakModels = (refusal: Refusal, ...names: readonly string[]): typeof testModels =>
  testModels.map((model) =>
    names.includes(model.name) ? { ...model, project: weakened(model.project, refusal) } : model,
  );

describe('an event that a model cannot take', () => {
  const started: TestModels[] = [];
  const start = async (models = testModels): Promise<TestModels> => {
    const own = await startModels(models);
    started.push(own);
    return own;
  };
  afterEach(async () => {
    for (const models of started.splice(0)) await models.stop();
  });

  /** What is left when the named models lack the poison, and the others do not. */
  async function expected(history: readonly RecordedEvent[], ...weak: readonly string[]) {
    const [all, without] = [await startTestModels(), await startTestModels()];
    started.push(all, without);
    await projectAll(all.readModels, logOf(...history));
    await projectAll(without.readModels, logOf(...history.filter((event) => !isPoison(event))));
    const lacking = Object.entries(await dump(without.readModels));
    const isWeak = (collection: string): boolean =>
      weak.some((name) => collection === name || collection.startsWith(`${name}_`));
    return {
      ...(await dump(all.readModels)),
      ...Object.fromEntries(lacking.filter(([collection]) => isWeak(collection))),
    };
  }

  const setAside = ({ registry }: ReadModels): Promise<UnappliedEvent[]> =>
    registry.unapplied.find({}).sort({ _id: 1 }).toArray();

  const plain = longHistory(3, 5);
  const history = inOrder(
    ...plain.slice(0, 7),
    recorded(poison(added('bad'))),
    ...plain.slice(7),
    recorded(used('thing_1')),
  );
  const [bad] = history.filter(isPoison);
  if (!bad) throw new Error('There is no poison');

  describe.each(allKinds)('because of %s', (kind) => {
    it.each(testModelNames)('is set aside in %s alone, and all else goes on', async (name) => {
      const { readModels } = await start(weakModels(kind, name));
      await projectAll(readModels, logOf(...history));
      expect(await setAside(readModels)).toEqual([
        {
          _id: expect.stringMatching(
            new RegExp(`^${name}_v\\d_g1@${formatPosition(bad.position)}$`),
          ) as string,
          model: name,
          version: expect.any(Number) as number,
          collection: expect.any(String) as string,
          position: formatPosition(bad.position),
          eventId: bad.id,
          type: 'Added',
          streamName: bad.streamName,
          reason: expect.any(String) as string,
          at: expect.any(Date) as Date,
        },
      ]);
      expect(await countUnapplied(readModels)).toBe(1);
      expect(await dump(readModels)).toEqual(await expected(history, name));
    });
  });

  it('is told of once', async () => {
    const { readModels } = await start(weakModels(refused, 'items', 'uses'));
    const told: UnappliedEvent[] = [];
    const stopping = new AbortController();
    const log = logOf(...history);
    const running = runProjector(readModels, {
      source: log,
      signal: stopping.signal,
      onUnapplied: (event) => told.push(event),
    });
    await waitForAll(readModels, log);
    stopping.abort();
    await running;
    expect(told.map(({ model, eventId }) => [model, eventId]).sort()).toEqual([
      ['items', bad.id],
      ['uses', bad.id],
    ]);
  });

  it('is found in a large batch with few transactions', async () => {
    const { readModels } = await start(weakModels(refused, 'journal'));
    const many = Array.from({ length: 127 }, () => recorded(used('thing_1')));
    const log = new MemoryLog(500);
    log.append(...inOrder(...many.slice(0, 90), bad, ...many.slice(90)));
    const transactions = jest.spyOn(readModels.client, 'withSession');
    await projectAll(readModels, log);
    // Seven halvings of 128, each with one half that is refused and one that is not, and what is around.
    expect(transactions.mock.calls.length).toBeLessThan(25);
    expect(await setAside(readModels)).toHaveLength(1);
  });

  it.each(bothWays)('may come several times in a batch, or fill it: %s', async (kind) => {
    const poisons = Array.from({ length: 6 }, (_, index) =>
      recorded(poison(added(`bad_${index}`))),
    );
    const log = new MemoryLog(8);
    // Some batches hold both, and the last one holds nothing else.
    const late = recorded(poison(closed('thing_2')));
    log.append(...inOrder(...plain.slice(0, 5), ...poisons, ...plain.slice(5), late));
    const { readModels } = await start(weakModels(kind, 'items', 'journal'));
    await projectAll(readModels, log);
    const aside = await setAside(readModels);
    expect(aside.map(({ model }) => model)).toEqual([
      ...Array.from({ length: 7 }, () => 'items'),
      ...Array.from({ length: 7 }, () => 'journal'),
    ]);
    expect(await countUnapplied(readModels)).toBe(14);
    expect(await dump(readModels)).toEqual(await expected(log.all, 'items', 'journal'));
  });

  it.each(bothWays)('G4: is set aside once, whenever a process is killed: %s', async (kind) => {
    const { readModels } = await start(weakModels(kind, 'items'));
    // Each life ends one transaction later than the last, in turn before it and after it.
    let [calls, life] = [0, 1];
    const forgetful: typeof readModels = {
      ...readModels,
      client: new Proxy(readModels.client, {
        get: (client, name) =>
          name === 'withSession'
            ? async (work: WithSessionCallback) => {
                calls += 1;
                if (calls < life) return client.withSession(work);
                if (life % 2 === 0) await client.withSession(work).catch(() => undefined);
                throw new Error('Killed');
              }
            : (Reflect.get(client, name) as unknown),
      }),
    };
    const stopping = new AbortController();
    const log = logOf(...history);
    const running = runProjector(forgetful, {
      source: log,
      signal: stopping.signal,
      longestPauseMs: 20,
      onFailure: () => {
        calls = 0;
        life += 1;
      },
    });
    await waitForAll(readModels, log);
    stopping.abort();
    await running;
    expect(life).toBeGreaterThan(2);
    expect(await setAside(readModels)).toHaveLength(1);
    expect(await countUnapplied(readModels)).toBe(1);
    expect(await dump(readModels)).toEqual(await expected(history, 'items'));
  });

  it('G4: is set aside once by two projectors side by side', async () => {
    const models = await start(weakModels(refused, 'items'));
    const log = new MemoryLog(4);
    log.append(...history);
    const stopping = new AbortController();
    const { signal } = stopping;
    const running = [models.readModels, models.another()].map((readModels) =>
      runProjector(readModels, { source: log, signal, longestPauseMs: 20 }),
    );
    await waitForAll(models.readModels, log);
    stopping.abort();
    await Promise.all(running);
    expect(await countUnapplied(models.readModels)).toBe(1);
    expect(await dump(models.readModels)).toEqual(await expected(history, 'items'));
  });

  it('is applied by a rebuild that can, and set aside again by one that cannot', async () => {
    const models = await start(weakModels(refused, 'items'));
    const log = logOf(...history);
    await projectAll(models.readModels, log);
    const options = {
      ...{ source: log, head: log.head, signal: new AbortController().signal },
      patienceMs: 0,
    };
    const told: string[] = [];
    await rebuildModels(models.readModels, ['items'], {
      ...options,
      onUnapplied: ({ collection }) => told.push(collection),
    });
    expect(told).toEqual(['items_v1_g2']);
    expect(await countUnapplied(models.another())).toBe(1);

    const mended = models.another(testModels);
    // What the first rebuild has replaced need not be kept for anybody.
    await mended.registry.entries.updateMany(
      { retireAt: { $exists: true } },
      { $set: { retireAt: new Date(0) } },
    );
    await rebuildModels(mended, ['items'], options);
    expect(await countUnapplied(models.another())).toBe(0);
    expect(await dump(mended)).toEqual(await expected(history));
    const left = new Set((await setAside(mended)).map(({ collection }) => collection));
    expect(left).toEqual(new Set(['items_v1_g2']));
  });
});
