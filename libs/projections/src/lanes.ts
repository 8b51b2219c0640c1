import { BEGINNING, type Progress } from '@keytrail/event-store';
import type { ReadModel } from './read-model.js';
import type { ReadModels } from './read-models.js';
import { entryId, progressOf, type RegistryEntry } from './registry.js';

/** One generation of one model, as a projector writes it. */
export interface Lane {
  readonly model: ReadModel;
  readonly entry: RegistryEntry;
}

/**
 * What the live projector writes: each model's active generation, the one before it for a while, and
 * the next one once it is built. Documents of another version are beyond this code.
 */
export async function loadLanes({ models, registry }: ReadModels): Promise<Lane[]> {
  const entries = await registry.load();
  return models.flatMap((model) =>
    (['active', 'previous', 'next'] as const)
      .flatMap((slot) => entries.get(entryId(model.name, slot)) ?? [])
      .filter(({ _id, built }) => built === true || _id !== entryId(model.name, 'next'))
      .filter(({ version, isDetached }) => version === model.version && !isDetached)
      .map((entry) => ({ model, entry })),
  );
}

/** Whether two sets of lanes are the same, apart from how far they are. */
export const areSameLanes = (some: readonly Lane[], others: readonly Lane[]): boolean =>
  some.map(nameOf).join() === others.map(nameOf).join();

const nameOf = ({ entry: { _id, generation } }: Lane): string => `${_id}/${generation}`;

/** From where a subscription must begin so that no lane misses an event. */
export function earliestProgress(lanes: readonly Lane[]): Progress {
  const [earliest] = lanes
    .map(({ entry }) => entry)
    .sort((one, other) => (one.position < other.position ? -1 : 1));
  return earliest ? progressOf(earliest) : BEGINNING;
}
