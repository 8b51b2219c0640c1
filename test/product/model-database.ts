import { formatPosition } from '@keytrail/event-store';
import {
  openModels,
  type ReadModel,
  type ReadModels,
  type ReadView,
  runProjector,
  setUpReadModels,
} from '@keytrail/projections';
import type { MemoryLog } from '@keytrail/testing';
import { testStores } from '../support/stores.js';

export interface TestModels<Name extends string> {
  readonly readModels: ReadModels<Name>;
  /** The same database, as another process sees it, whose models may be of another make. */
  another(models?: readonly ReadModel<Name>[]): ReadModels<Name>;
  stop(): Promise<void>;
}

/** Read models that are set up, in a database of their own. */
export async function startModels<Name extends string>(
  models: readonly ReadModel<Name>[],
): Promise<TestModels<Name>> {
  const stores = await testStores({ eventStore: false });
  // So that a test can see what is sent.
  const monitored = `${stores.mongoUrl}${stores.mongoUrl.includes('?') ? '&' : '?'}monitorCommands=true`;
  const opened: ReadModels<Name>[] = [];
  const another = (own = models): ReadModels<Name> => {
    const readModels = openModels(monitored, own);
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
export async function dump({ models, registry }: ReadModels): Promise<Record<string, unknown[]>> {
  const entries = await registry.load();
  const result: Record<string, unknown[]> = {};
  for (const { name, collections } of models) {
    const entry = entries.get(name);
    for (const side of entry ? Object.keys(collections) : []) {
      if (!entry) continue;
      const found = registry.collectionOf(entry, side).find({}).sort({ _id: 1 });
      result[side === '' ? name : `${name}_${side}`] = await found.toArray();
    }
  }
  return result;
}

/** Runs a projector over a log until it has handled all that is in it. */
export async function projectAll<Name extends string>(
  readModels: ReadModels<Name>,
  log: MemoryLog,
): Promise<ReadView<Name>> {
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
export function waitForAll<Name extends string>(
  { models, views }: ReadModels<Name>,
  log: MemoryLog,
): Promise<ReadView<Name>> {
  const last = log.all.at(-1);
  const position = last ? formatPosition(last.position) : '';
  const names = models.map(({ name }) => name);
  return views.waitFor(names, position, { timeoutMs: 20_000 });
}
