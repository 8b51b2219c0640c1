import type { ClientSession } from 'mongodb';
import type { Lane } from './lanes.js';
import { type EventSource, isOfLog } from './event-source.js';
import { type ReadModel, sidesOf } from './read-model.js';
import type { ReadModels } from './read-models.js';
import {
  entryId,
  entryOf,
  progressOf,
  type Registry,
  type RegistryEntry,
  sideCollection,
} from './registry.js';
import { createCollections, newEntry, unless } from './set-up.js';

const namespaceNotFound = 26;

/**
 * How long a replaced generation is written on and kept. Readers and synchronous writers look at the
 * registry again after a few seconds at most, so after this nobody can be using it.
 */
const graceMs = 60_000;

/**
 * The generation beside the active one: the one an earlier attempt has begun in this very log, or a new
 * one.
 */
export async function openNext(
  readModels: ReadModels,
  model: ReadModel,
  source: Pick<EventSource, 'verify'>,
): Promise<Lane> {
  const { db, registry } = readModels;
  const entries = await registry.load();
  const begun = entries.get(entryId(model.name, 'next'));
  if (begun?.version === model.version && (await isOfLog(source, progressOf(begun))))
    return { model, entry: begun };
  if (begun) await drop(readModels, begun);
  const taken = [...entries.values()].filter((entry) => entry.model === model.name);
  const generation = Math.max(0, ...taken.map((entry) => entry.generation)) + 1;
  const entry = newEntry(model, 'next', generation);
  await createCollections(db, model, entry.collection);
  await registry.entries.insertOne(entry);
  return { model, entry };
}

/** Tells the live projector that a next generation has caught up. Whoever does so writes it no more. */
export async function handOver({ registry }: ReadModels, lanes: readonly Lane[]): Promise<void> {
  for (const { entry } of lanes) {
    const { _id, generation } = entry;
    await registry.entries.updateOne({ _id, generation }, { $set: { built: true } });
  }
}

/** When the last grace time ends that a switch to all of these has to wait for; `null` for none. */
export async function findEarliestSwitch(
  { registry }: ReadModels,
  lanes: readonly Lane[],
): Promise<Date | null> {
  const entries = await registry.load();
  const ends = lanes.flatMap(({ model }) => {
    const retireAt = entries.get(entryId(model.name, 'previous'))?.retireAt;
    return retireAt ? [retireAt.getTime()] : [];
  });
  return ends.length > 0 ? new Date(Math.max(...ends)) : null;
}

/**
 * Makes those of the next generations the active ones that hold every event that the active ones
 * hold, so that no reader is thrown back; not while an earlier switch is in its grace time. To be
 * called inside the transaction that has moved them. The active ones become the previous ones.
 *
 * @returns whether any was switched to
 */
export async function switchToBuilt(registry: Registry, session: ClientSession): Promise<boolean> {
  const entries = await registry.load(session);
  const built = [...entries.values()].filter((entry) => {
    const isNext = entry._id === entryId(entry.model, 'next') && entry.built;
    const waits = entries.has(entryId(entry.model, 'previous'));
    return isNext && !waits && entry.position >= entryOf(entries, entry.model).position;
  });
  for (const next of built) {
    await replace(registry.entries, entryOf(entries, next.model), next, session);
  }
  return built.length > 0;
}

/**
 * Makes all next generations the active ones, whatever these hold, as they are of another log than the
 * next ones. To be called inside a transaction. Nobody writes to what is replaced any more.
 */
export async function detach(registry: Registry, session: ClientSession): Promise<void> {
  const entries = await registry.load(session);
  for (const next of entries.values()) {
    if (next._id !== entryId(next.model, 'next')) continue;
    const previous = entryId(next.model, 'previous');
    const earlier = entries.get(previous);
    if (earlier) {
      // Still in its grace time; it goes when that is over, under a name that nobody looks for.
      await registry.entries.deleteOne({ _id: previous }, { session });
      const _id = `${previous}:${earlier.generation}`;
      await registry.entries.insertOne({ ...earlier, _id, isDetached: true }, { session });
    }
    await replace(registry.entries, entryOf(entries, next.model), next, session);
    await registry.entries.updateOne(
      { _id: previous },
      { $set: { isDetached: true } },
      { session },
    );
  }
}

async function replace(
  collection: Registry['entries'],
  active: RegistryEntry,
  next: RegistryEntry,
  session: ClientSession,
): Promise<void> {
  const { version, generation, collection: name, position, eventId, searched, updatedAt } = next;
  const { unapplied = 0 } = next;
  await collection.deleteOne({ _id: next._id }, { session });
  await collection.updateOne(
    { _id: active._id, generation: active.generation },
    {
      $set: {
        ...{ version, generation, collection: name, unapplied },
        ...{ position, eventId, searched, updatedAt },
      },
    },
    { session },
  );
  const retireAt = new Date(Date.now() + graceMs);
  const _id = entryId(active.model, 'previous');
  await collection.insertOne({ ...active, _id, retireAt }, { session });
}

/** Removes the generations that nobody can be using any more. */
export async function dropRetired(readModels: ReadModels): Promise<void> {
  const now = new Date();
  for (const entry of (await readModels.registry.load()).values()) {
    if (entry.retireAt && entry.retireAt <= now) await drop(readModels, entry);
  }
}

/** The entry goes last, so that a crash in between is made up for by the next attempt. */
async function drop({ db, models, registry }: ReadModels, entry: RegistryEntry): Promise<void> {
  for (const side of sidesOf(models, entry.model)) {
    const name = sideCollection(entry.collection, side);
    await unless(namespaceNotFound, db.dropCollection(name));
  }
  await registry.unapplied.deleteMany({ collection: entry.collection });
  await registry.entries.deleteOne({ _id: entry._id, generation: entry.generation });
}
