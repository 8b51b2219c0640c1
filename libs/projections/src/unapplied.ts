import type { ReadModels } from './read-models.js';
import type { Registry, RegistryEntry, UnappliedEvent } from './registry.js';

/** How many events are missing from the read models as they are read now, once for each model that misses one. */
export async function countUnapplied({ models, views }: ReadModels): Promise<number> {
  const { entries } = await views.current();
  return models.reduce((sum, { name }) => sum + (entries.get(name)?.unapplied ?? 0), 0);
}

/** The events of one stream that were set aside in one generation. */
export async function findUnapplied(
  registry: Registry,
  { collection, unapplied = 0 }: RegistryEntry,
  streamName: string,
): Promise<UnappliedEvent[]> {
  // The entry tells it in the find that is made in any case.
  if (unapplied === 0) return [];
  return registry.unapplied.find({ collection, streamName }).toArray();
}
