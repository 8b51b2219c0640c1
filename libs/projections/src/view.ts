import { BEGINNING, type Progress } from '@keytrail/event-store';
import type { Collection, Document } from 'mongodb';
import { entryOf, progressOf, type Registry, type RegistryEntry } from './registry.js';

/**
 * Which generation of each model is the one to read, as the registry said at one moment. A view is
 * for one query: a generation that was replaced is kept up to date for a minute only.
 */
export class ReadView<Name extends string = string> {
  constructor(
    private readonly registry: Registry,
    /** All generations, by the `_id` of their entry. */
    readonly entries: ReadonlyMap<string, RegistryEntry>,
  ) {}

  /** @throws ReadModelError `read_model_missing` */
  collection<Schema extends Document>(model: Name, side?: string): Collection<Schema> {
    return this.registry.collectionOf<Schema>(entryOf(this.entries, model), side);
  }

  /** Every event up to here is in the model's documents; '' before the first. */
  position(model: Name): string {
    return entryOf(this.entries, model).position;
  }

  /** How far the furthest model is: what is known of the log, and where nothing need be searched again. */
  get progress(): Progress {
    const [furthest] = [...this.entries.values()]
      .filter(({ _id, model, eventId }) => _id === model && eventId !== undefined)
      .sort((one, other) => (placeOf(one) > placeOf(other) ? -1 : 1));
    return furthest ? progressOf(furthest) : BEGINNING;
  }

  /** Whether all of these models hold every event up to a position. */
  reaches(models: readonly Name[], position: string): boolean {
    return models.every((model) => (this.entries.get(model)?.position ?? '') >= position);
  }
}

const placeOf = ({ position, searched }: RegistryEntry): string => searched?.position ?? position;
