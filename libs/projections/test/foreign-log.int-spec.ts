import { loadLanes } from '../src/lanes.js';
import { runProjector } from '../src/projector.js';
import type { Registry } from '../src/registry.js';
import { logOf, type MemoryLog, recorded } from '@keytrail/testing';
import { dump, projectAll, waitForAll } from '../../../test/product/model-database.js';
import { longHistory, startTestModels, type TestModels, used } from './items.js';

describe('a projector on a log that is not the one its models were made from', () => {
  let models: TestModels;
  beforeEach(async () => {
    models = await startTestModels();
  });
  afterEach(async () => {
    await models.stop();
  });

  /** Runs until it has failed so often; says with what. */
  async function failures(log: MemoryLog, count: number): Promise<unknown[]> {
    const codes: unknown[] = [];
    const stopping = new AbortController();
    await runProjector(models.readModels, {
      source: log,
      signal: stopping.signal,
      longestPauseMs: 50,
      onFailure: (error) => {
        codes.push((error as { code?: unknown }).code);
        if (codes.length === count) stopping.abort();
      },
      onBatch: () => {
        stopping.abort();
      },
    });
    return codes;
  }

  const history = longHistory(3, 4);
  const uses = Array.from({ length: 9 }, () => recorded(used('thing_1')));
  const mismatch = 'event_log_mismatch';

  it.each([
    ['an older copy', logOf(...history.slice(0, -3))],
    ['an older copy that has grown', logOf(...history.slice(0, -3), ...uses)],
    ['another one', logOf(...longHistory(5, 5))],
    ['an empty one', logOf()],
  ])('writes nothing: %s', async (_, other) => {
    await projectAll(models.readModels, logOf(...history));
    const before = await dump(models.readModels);
    expect(await failures(other, 3)).toEqual([mismatch, mismatch, mismatch]);
    expect(await dump(models.readModels)).toEqual(before);
    expect(other.openSubscriptions).toBe(0);
  });

  it('writes nothing when only one of the models has seen more than it holds', async () => {
    const { readModels } = models;
    await projectAll(readModels, logOf(...history));
    const ahead = recorded(used('thing_1'));
    await place(readModels.registry, 'uses', ahead);
    const before = await dump(readModels);
    const later = recorded(used('thing_3'));
    expect(await failures(logOf(...history, later), 2)).toEqual([mismatch, mismatch]);
    expect(await dump(readModels)).toEqual(before);
  });

  it('writes nothing when only a generation that is kept for its readers is of another', async () => {
    const { readModels } = models;
    await projectAll(readModels, logOf(...history));
    const [lane] = await loadLanes(readModels);
    if (!lane) throw new Error('There is no model');
    const { entry } = lane;
    const retireAt = new Date(Date.now() + 60_000);
    const kept = { ...entry, _id: `${entry.model}:previous`, eventId: 'another', retireAt };
    await readModels.registry.entries.insertOne(kept);
    expect(await failures(logOf(...history), 2)).toEqual([mismatch, mismatch]);
  });

  it('goes on as soon as its own is back', async () => {
    const { readModels } = models;
    await projectAll(readModels, logOf(...history));
    expect(await failures(logOf(...longHistory(1, 1)), 1)).toEqual([mismatch]);
    const log = logOf(...history, recorded(used('thing_1')));
    await projectAll(readModels, log);
    await waitForAll(readModels, log);
    expect((await dump(readModels))['journal']).toHaveLength(history.length + 1);
  });

  /** Moves a model's checkpoint to an event, as if it had seen it. */
  async function place(
    { entries }: Registry,
    model: string,
    { id, position: { commit } }: ReturnType<typeof recorded>,
  ): Promise<void> {
    const position = commit.toString().padStart(20, '0');
    await entries.updateOne({ _id: model }, { $set: { position, eventId: id } });
  }
});
