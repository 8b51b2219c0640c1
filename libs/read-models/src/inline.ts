import type { RecordedEvent } from '@keytrail/event-store';
import { MongoServerError } from 'mongodb';
import { allModels } from './models.js';
import { project, type ReadModel } from './read-model.js';
import type { ReadModels } from './read-models.js';
import { entryId, entryOf, type Registry, type RegistryEntry } from './registry.js';
import { write } from './write.js';

/**
 * Writes events into the models that must not wait for the projector: credentials, members,
 * invitations and the names of accounts. For command handlers, after their append and before their
 * answer. The same operations as the projector's, made so that the order and the number of times
 * they are done in do not matter.
 *
 * Give it all events of the stream the command has read and appended to, not only the new ones: if
 * an earlier inline write was lost in a crash, this one makes up for it. Give them also when a
 * repeated command appended nothing.
 *
 * Resolves once the writes are on disk in every generation that anybody may be reading.
 *
 * @throws ReadModelError `read_model_missing`; errors of the driver, after which the outcome is
 *   unknown and the call may be repeated
 */
export async function writeInline(
  { registry, views }: ReadModels,
  events: readonly RecordedEvent[],
): Promise<void> {
  const work = allModels
    .map((model) => ({ model, operations: operationsOf(model, events) }))
    .filter(({ operations }) => operations.length > 0);
  const written = new Set<string>();
  const writeMissing = async (entries: Entries): Promise<void> => {
    for (const { model, operations } of work) {
      for (const entry of generationsOf(entries, model)) {
        if (written.has(entry.collection)) continue;
        written.add(entry.collection);
        await writeGeneration(registry, entry, operations);
      }
    }
  };
  // What is known of the registry may be some seconds old: a replaced generation is kept for longer.
  // One that is made after the load below is built from a log that has these events already.
  const { entries } = await views.current();
  const [newest] = await Promise.all([registry.load(), writeMissing(entries)]);
  await writeMissing(newest);
}

type Entries = ReadonlyMap<string, RegistryEntry>;

type Operations = ReturnType<ReadModel['project']>;

const operationsOf = (model: ReadModel, events: readonly RecordedEvent[]): Operations =>
  events
    .filter(({ type }) => model.inline.includes(type))
    .flatMap((event) => project(model, event));

/**
 * All of them, those of another version too: what an older process still reads must not miss a
 * revocation either.
 */
function generationsOf(entries: Entries, model: ReadModel): RegistryEntry[] {
  const neighbours = (['next', 'previous'] as const).flatMap(
    (slot) => entries.get(entryId(model.name, slot)) ?? [],
  );
  return [entryOf(entries, model.name), ...neighbours];
}

const duplicateKey = 11_000;

async function writeGeneration(
  registry: Registry,
  entry: RegistryEntry,
  operations: Operations,
): Promise<void> {
  try {
    await write(registry, entry, operations);
  } catch (error) {
    // Two upserts of one new document at a time: the other was first, and now it is there.
    if (!(error instanceof MongoServerError) || error.code !== duplicateKey) throw error;
    await write(registry, entry, operations);
  }
}
