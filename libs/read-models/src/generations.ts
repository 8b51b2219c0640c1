import { formatPosition, type LogPosition } from '@keytrail/event-store';
import type { ClientSession } from 'mongodb';
import type { Lane } from './apply-batch.js';
import { allModels } from './models.js';
import type { ReadModel } from './read-model.js';
import type { ReadModels } from './read-models.js';
import { entryId, entryOf, type RegistryEntry, sideCollection } from './registry.js';
import { createCollections, newEntry, unless } from './set-up.js';

const namespaceNotFound = 26;

/**
 * How long a replaced generation is written on and kept. Readers and inline writers look at the
 * registry again after a few seconds at most, so after this nobody can be using it.
 */
export const graceMs = 60_000;

/** The newest of Keytrail's events in the log. */
export type ReadHead = () => Promise<LogPosition | null>;

/** The generation beside the active one: the one an earlier attempt has begun, or a new one. */
export async function openNext(readModels: ReadModels, model: ReadModel): Promise<Lane> {
  const { db, registry } = readModels;
  const entries = await registry.load();
  const begun = entries.get(entryId(model.name, 'next'));
  if (begun?.version === model.version) return { model, entry: begun };
  if (begun) await drop(readModels, begun);
  const taken = [...entries.values()].filter((entry) => entry.model === model.name);
  const generation = Math.max(0, ...taken.map((entry) => entry.generation)) + 1;
  const entry = newEntry(model, 'next', generation);
  await createCollections(db, model, entry.collection);
  await registry.entries.insertOne(entry);
  return { model, entry };
}

/**
 * Makes next generations the active ones, inside the transaction that has brought them to where they
 * are, provided that no reader is thrown back: each must hold every event that the active one holds.
 * Not while an earlier switch is still in its grace time.
 * The active ones become the previous ones, which the projector goes on writing for a while.
 *
 * @returns whether they are the active ones when the transaction is committed
 */
export async function switchTo(
  { registry }: ReadModels,
  lanes: readonly Lane[],
  readHead: ReadHead,
  session: ClientSession,
): Promise<boolean> {
  const entries = await registry.load(session);
  // Read after the checkpoints: whoever has this event has everything that stands before them.
  const head = await readHead();
  const headPosition = head === null ? '' : formatPosition(head);
  const complete = lanes.every(({ entry }) => {
    const active = entryOf(entries, entry.model);
    if (entries.has(entryId(entry.model, 'previous'))) return false;
    const hasAll = entry.position >= headPosition;
    return hasAll || (active.version === entry.version && entry.position >= active.position);
  });
  if (!complete) return false;
  for (const { entry } of lanes) {
    await replace(registry.entries, entryOf(entries, entry.model), entry, session);
  }
  return true;
}

async function replace(
  collection: ReadModels['registry']['entries'],
  active: RegistryEntry,
  next: RegistryEntry,
  session: ClientSession,
): Promise<void> {
  const { version, generation, collection: name, updatedAt } = next;
  const position = next.position > active.position ? next.position : active.position;
  await collection.deleteOne({ _id: next._id }, { session });
  await collection.updateOne(
    { _id: active._id, generation: active.generation },
    { $set: { version, generation, collection: name, position, updatedAt } },
    { session },
  );
  const retireAt = new Date(Date.now() + graceMs);
  const _id = entryId(active.model, 'previous');
  await collection.insertOne({ ...active, _id, retireAt }, { session });
}

/** Removes the generations that nobody can be using any more. @returns their collections */
export async function dropRetired(readModels: ReadModels): Promise<ReadonlySet<string>> {
  const now = new Date();
  const entries = [...(await readModels.registry.load()).values()];
  const retired = entries.filter(({ retireAt }) => retireAt && retireAt <= now);
  for (const entry of retired) await drop(readModels, entry);
  return new Set(retired.map(({ collection }) => collection));
}

/** The entry goes last, so that a crash in between is made up for by the next attempt. */
async function drop({ db, registry }: ReadModels, entry: RegistryEntry): Promise<void> {
  const sides = allModels.flatMap(({ name, collections }) =>
    name === entry.model ? Object.keys(collections) : [],
  );
  for (const side of sides) {
    const name = sideCollection(entry.collection, side);
    await unless(namespaceNotFound, db.dropCollection(name));
  }
  await registry.entries.deleteOne({ _id: entry._id, generation: entry.generation });
}
