import type { RecordedEvent, StreamHistory } from '@keytrail/event-store';
import {
  entryId,
  entryOf,
  findUnapplied,
  isRefusal,
  type Operation,
  project,
  ReadModelError,
  type Registry,
  type RegistryEntry,
  write,
} from '@keytrail/projections';
import { MongoServerError } from 'mongodb';
import type { KeytrailModel, ReadModels } from './common/keytrail-model.js';
import { allModels } from './models.js';

type Events = readonly RecordedEvent[];

/**
 * Writes events into the models that must not wait for the projector: credentials, members,
 * invitations and the names of accounts. For command handlers, after their append and before their
 * answer. The same operations as the projector's, made so that the order and the number of times
 * they are done in do not matter. See docs/adr/0030.
 *
 * Give it the stream that the command has read and appended to, also when it appended nothing: if the write
 * of an earlier command was lost in a crash, this one makes up for it. What is written is what the projector
 * has not yet: the events after each generation's checkpoint.
 *
 * Resolves once the writes are on disk in every generation that anybody may be reading. An earlier event
 * that a model cannot take is passed over, as the projector does, unless it takes something away.
 *
 * @throws ReadModelError `read_model_missing`; `event_unapplied` when a model cannot take one of the events
 *   that the last command wrote, or one that takes something away; errors of the driver, after which the
 *   outcome is unknown and the call may be repeated
 */
export async function writeSynchronously(
  { registry, views }: ReadModels,
  stream: StreamHistory,
): Promise<void> {
  if (stream.newest.length === 0) return;
  const written = new Map<string, string>();
  const writeMissing = async (entries: Entries): Promise<void> => {
    for (const { model, entry } of generationsOf(entries)) {
      const after = checkpointOf(entry, entries);
      const from = written.get(entry.collection);
      if (from !== undefined && from <= after) continue;
      written.set(entry.collection, after);
      const news = await stream.after(after);
      const refused = await writeGeneration(registry, { model, entry }, news);
      assertMayPass(model, stream, refused);
    }
  };
  // What is known of the registry may be some seconds old: a replaced generation is kept for longer, and
  // a checkpoint is further on by now, unless the database was put back. One that is made after the load
  // below is built from a log that has these events already.
  const { entries } = await views.current();
  const [newest] = await Promise.all([registry.load(), writeMissing(entries)]);
  await writeMissing(newest);
  await assertNoneSetAside(registry, newest, stream);
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

/**
 * Up to where nothing need be written to a generation. A next one is switched to only when it has all that
 * the active one has. One that was made from another log knows nothing of this one.
 */
function checkpointOf(
  { _id, model, position, isDetached }: RegistryEntry,
  entries: Entries,
): string {
  if (isDetached) return '';
  if (_id !== entryId(model, 'next')) return position;
  const active = entryOf(entries, model).position;
  return active > position ? active : position;
}

/** What the projector has set aside, perhaps before this call came to it, is in no document either. */
async function assertNoneSetAside(
  registry: Registry,
  entries: Entries,
  stream: StreamHistory,
): Promise<void> {
  const [{ streamName } = { streamName: '' }] = stream.newest;
  for (const { model, entry } of generationsOf(entries)) {
    const lacks = await findUnapplied(registry, entry, streamName);
    assertMayPass(
      model,
      stream,
      lacks.map(({ eventId: id, type }) => ({ id, type })),
    );
  }
}

/** Whether nothing is promised that is not so when a model lacks these events of a stream. */
function assertMayPass(
  { name, takesAway = [] }: KeytrailModel,
  { newest }: StreamHistory,
  lacks: readonly Pick<RecordedEvent, 'id' | 'type'>[],
): void {
  const ofLast = new Set(newest.map(({ id }) => id));
  const broken = lacks.find(
    ({ id, type }) => ofLast.has(id) || (takesAway as readonly string[]).includes(type),
  );
  if (!broken) return;
  throw new ReadModelError(
    'event_unapplied',
    `The read model ${name} cannot take the ${broken.type} ${broken.id} of ${newest[0]?.streamName}`,
  );
}

const duplicateKey = 11_000;

/** @returns the events that the generation cannot take */
async function writeGeneration(
  registry: Registry,
  generation: Generation,
  events: Events,
): Promise<Events> {
  const { model, entry } = generation;
  const types: readonly string[] = model.synchronous;
  const own = events.filter(({ type }) => types.includes(type));
  if (own.length === 0) return [];
  try {
    const operations = own.flatMap((event) => project(model, event));
    if (operations.length > 0) await writeTwice(registry, entry, operations);
    return [];
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (own.length === 1) return own;
    const refused: RecordedEvent[] = [];
    for (const event of own)
      refused.push(...(await writeGeneration(registry, generation, [event])));
    return refused;
  }
}

/** Two upserts of one new document at a time: the other was first, and now it is there. */
async function writeTwice(
  registry: Registry,
  entry: RegistryEntry,
  operations: readonly Operation[],
): Promise<void> {
  try {
    await write(registry, entry, operations);
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== duplicateKey) throw error;
    await write(registry, entry, operations);
  }
}
