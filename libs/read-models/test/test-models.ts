import { testStores } from '../../../test/support/stores.js';
import { allModels, modelNames } from '../src/models.js';
import { openReadModels, type ReadModels } from '../src/read-models.js';
import { sideCollection } from '../src/registry.js';
import { setUpReadModels } from '../src/set-up.js';
import type { MemoryLog } from './memory-log.js';
import { formatPosition } from '@keytrail/event-store';
import { runProjector } from '../src/projector.js';
import type { ReadView } from '../src/view.js';

export interface TestModels {
  readonly readModels: ReadModels;
  /** The same database, as another process sees it. */
  another(): ReadModels;
  stop(): Promise<void>;
}

/** Read models that are set up, in a database of their own. */
export async function startTestModels(): Promise<TestModels> {
  const stores = await testStores({ eventStore: false });
  const opened: ReadModels[] = [];
  const another = (): ReadModels => {
    const readModels = openReadModels(stores.mongoUrl);
    opened.push(readModels);
    return readModels;
  };
  const readModels = another();
  await setUpReadModels(readModels);
  return {
    readModels,
    another,
    stop: async () => {
      await readModels.db.dropDatabase();
      await Promise.all(opened.map((each) => each.close()));
      await stores.stop();
    },
  };
}

/** All documents of all models as they are read now, by collection without its generation. */
export async function dump({ registry }: ReadModels): Promise<Record<string, unknown[]>> {
  const entries = await registry.load();
  const result: Record<string, unknown[]> = {};
  for (const { name, collections } of allModels) {
    const entry = entries.get(name);
    for (const side of entry ? Object.keys(collections) : []) {
      if (!entry) continue;
      const found = registry.collectionOf(entry, side).find({}).sort({ _id: 1 });
      result[sideCollection(name, side)] = await found.toArray();
    }
  }
  return result;
}

/** Runs a projector over a log until it has handled all that is in it. */
export async function projectAll(readModels: ReadModels, log: MemoryLog): Promise<ReadView> {
  const stopping = new AbortController();
  const done = runProjector(readModels, {
    source: log,
    signal: stopping.signal,
    longestPauseMs: 50,
  });
  try {
    return await waitForAll(readModels, log);
  } finally {
    stopping.abort();
    await done;
  }
}

/** A view in which everything in the log is to be seen. */
export function waitForAll({ views }: ReadModels, log: MemoryLog): Promise<ReadView> {
  const last = log.all.at(-1);
  const position = last ? formatPosition(last.position) : '';
  return views.waitFor(modelNames, position, { timeoutMs: 20_000 });
}
