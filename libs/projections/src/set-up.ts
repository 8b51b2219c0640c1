import { type Db, MongoServerError } from 'mongodb';
import type { ReadModel } from './read-model.js';
import type { ReadModels } from './read-models.js';
import { entryId, type RegistryEntry, sideCollection, type Slot } from './registry.js';

const namespaceExists = 48;
const duplicateKey = 11_000;

/**
 * Makes what is missing: an entry for each model's first generation, its collections and indexes.
 * Every process may call this at its start, several at once too.
 */
export async function setUpReadModels({ db, models, registry }: ReadModels): Promise<void> {
  const entries = await registry.load();
  // A collection that a transaction writes to is there before.
  await unless(namespaceExists, db.createCollection(registry.unapplied.collectionName));
  await registry.unapplied.createIndex({ collection: 1, streamName: 1 });
  for (const model of models) {
    const active = entries.get(model.name) ?? newEntry(model, 'active', 1);
    if (active.version === model.version) await createCollections(db, model, active.collection);
    if (!entries.has(model.name)) {
      // Collections come first: whoever sees the entry can write in a transaction at once.
      await unless(duplicateKey, registry.entries.insertOne(active));
    }
  }
}

/** Models whose documents were made by another version of their projection. */
export async function findOutdatedModels<Name extends string>({
  models,
  registry,
}: ReadModels<Name>): Promise<Name[]> {
  const entries = await registry.load();
  return models
    .filter(({ name, version }) => (entries.get(name)?.version ?? version) !== version)
    .map(({ name }) => name);
}

export const newEntry = (model: ReadModel, slot: Slot, generation: number): RegistryEntry => ({
  _id: entryId(model.name, slot),
  model: model.name,
  version: model.version,
  generation,
  collection: `${model.name}_v${model.version}_g${generation}`,
  position: '',
  updatedAt: new Date(),
});

export async function createCollections(db: Db, model: ReadModel, main: string): Promise<void> {
  for (const [side, indexes] of Object.entries(model.collections)) {
    const name = sideCollection(main, side);
    await unless(namespaceExists, db.createCollection(name));
    for (const { key, options } of indexes)
      await db.collection(name).createIndex(key, options, undefined);
  }
}

/** Waits for work, and passes over one error of the server by its code. */
export async function unless(code: number, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== code) throw error;
  }
}
