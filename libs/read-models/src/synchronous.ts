import { formatPosition, type RecordedEvent } from '@keytrail/event-store';
import { MongoServerError } from 'mongodb';
import { allModels } from './models.js';
import {
  entryId,
  entryOf,
  type Operation,
  project,
  type Registry,
  type RegistryEntry,
  write,
} from '@keytrail/projections';
import type { KeytrailModel, ReadModels } from './common/keytrail-model.js';

type Events = readonly RecordedEvent[];

/**
 * Writes events into the models that must not wait for the projector: credentials, members,
 * invitations and the names of accounts. For command handlers, after their append and before their
 * answer. The same operations as the projector's, made so that the order and the number of times
 * they are done in do not matter. See docs/adr/0030.
 *
 * Give it all events of the stream the command has read and appended to, in order, and also when the
 * command appended nothing: if the write of an earlier one was lost in a crash, this one makes up for
 * it. What is written is what the projector has not yet: the events after each generation's checkpoint.
 *
 * Resolves once the writes are on disk in every generation that anybody may be reading.
 *
 * @throws ReadModelError `read_model_missing`; errors of the driver, after which the outcome is
 *   unknown and the call may be repeated
 */
export async function writeSynchronously(
  { registry, views }: ReadModels,
  events: Events,
): Promise<void> {
  if (events.length === 0) return;
  const written = new Map<string, string>();
  const writeMissing = async (entries: Entries): Promise<void> => {
    for (const { model, entry } of generationsOf(entries)) {
      const after = checkpointOf(entry);
      const from = written.get(entry.collection);
      if (from !== undefined && from <= after) continue;
      written.set(entry.collection, after);
      await writeGeneration(registry, entry, operationsOf(model, eventsAfter(events, after)));
    }
  };
  // What is known of the registry may be some seconds old: a replaced generation is kept for longer, and
  // a checkpoint is further on by now, unless the database was put back. One that is made after the load
  // below is built from a log that has these events already.
  const { entries } = await views.current();
  const [newest] = await Promise.all([registry.load(), writeMissing(entries)]);
  await writeMissing(newest);
}

type Entries = ReadonlyMap<string, RegistryEntry>;

interface Generation {
  readonly model: KeytrailModel;
  readonly entry: RegistryEntry;
}

/**
 * All of them, those of another version too: what an older process still reads must not miss a
 * revocation either.
 */
const generationsOf = (entries: Entries): Generation[] =>
  allModels
    .filter(({ synchronous }) => synchronous.length > 0)
    .flatMap((model) => {
      const neighbours = (['next', 'previous'] as const).flatMap(
        (slot) => entries.get(entryId(model.name, slot)) ?? [],
      );
      return [entryOf(entries, model.name), ...neighbours].map((entry) => ({ model, entry }));
    });

/** Up to where everything is in a generation. One that was made from another log knows nothing of this one. */
const checkpointOf = ({ isDetached, position }: RegistryEntry): string =>
  isDetached ? '' : position;

/** Looked for from the end: what is new is little, however long the history. */
export function eventsAfter(events: Events, checkpoint: string): Events {
  let first = events.length;
  for (; first > 0; first -= 1) {
    const event = events[first - 1];
    if (event && formatPosition(event.position) <= checkpoint) break;
  }
  return events.slice(first);
}

const operationsOf = (model: KeytrailModel, events: Events): Operation[] =>
  events
    .filter(({ type }) => (model.synchronous as readonly string[]).includes(type))
    .flatMap((event) => project(model, event));

const duplicateKey = 11_000;

async function writeGeneration(
  registry: Registry,
  entry: RegistryEntry,
  operations: readonly Operation[],
): Promise<void> {
  if (operations.length === 0) return;
  try {
    await write(registry, entry, operations);
  } catch (error) {
    // Two upserts of one new document at a time: the other was first, and now it is there.
    if (!(error instanceof MongoServerError) || error.code !== duplicateKey) throw error;
    await write(registry, entry, operations);
  }
}
