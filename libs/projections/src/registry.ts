import type { ClientSession, Collection, Db, Document } from 'mongodb';
import { formatPosition, parsePosition, type Place, type Progress } from '@keytrail/event-store';
import { ReadModelError } from './errors.js';

/**
 * One generation of one read model: where its documents are and how far they reach. Name and
 * checkpoint stand in one document, so that a reader learns both in one find.
 */
export interface RegistryEntry {
  /** The model's name for the generation being read, with `:next` or `:previous` for its neighbours. */
  readonly _id: string;
  readonly model: string;
  readonly version: number;
  readonly generation: number;
  /** The main collection; a side collection has `_<side>` after it. */
  readonly collection: string;
  /** The last of Keytrail's events that is in the documents, as all before it are; '' before the first. */
  readonly position: string;
  /** The id of that event: by it a log shows that it is the one the documents were made from. */
  readonly eventId?: string | undefined;
  /** A later place of somebody else's event, before which no other of Keytrail's stands. */
  readonly searched?: StoredPlace | null | undefined;
  readonly updatedAt: Date;
  /** How many events up to there are not in the documents but set aside; absent for none. */
  readonly unapplied?: number | undefined;
  /** Only on a next generation: it is built, and the live projector shall take it over. */
  readonly built?: true;
  /** Only on a previous generation: when no reader can use it any more. */
  readonly retireAt?: Date;
  /** Only on a previous generation: it was made from another log, and is not written any more. */
  readonly isDetached?: true;
}

/** A place in the log as it is stored: its position formatted. */
export interface StoredPlace {
  readonly position: string;
  readonly eventId: string;
}

export const storePlace = ({ position, eventId }: Place): StoredPlace => ({
  position: formatPosition(position),
  eventId,
});

const loadPlace = ({ position, eventId }: StoredPlace): Place => ({
  position: parsePosition(position),
  eventId,
});

/** How far the documents of a generation reach. */
export function progressOf({ position, eventId = '', searched }: RegistryEntry): Progress {
  return {
    last: position === '' ? null : loadPlace({ position, eventId }),
    searched: searched ? loadPlace(searched) : null,
  };
}

/** How far the active generation of a model reaches. @throws ReadModelError `read_model_missing` */
export const progressOfModel = async (
  { registry }: { readonly registry: Registry },
  model: string,
): Promise<Progress> => progressOf(entryOf(await registry.load(), model));

/** An event that one generation of one read model could not take. */
export interface UnappliedEvent {
  /** `<collection>@<position>`: the generation and the event's place in the log. */
  readonly _id: string;
  readonly model: string;
  readonly version: number;
  /** The main collection of the generation. */
  readonly collection: string;
  readonly position: string;
  readonly eventId: string;
  readonly type: string;
  readonly streamName: string;
  readonly reason: string;
  readonly at: Date;
}

export type Slot = 'active' | 'next' | 'previous';

export const entryId = (model: string, slot: Slot): string =>
  slot === 'active' ? model : `${model}:${slot}`;

export const sideCollection = (main: string, side: string | undefined): string =>
  side === undefined || side === '' ? main : `${main}_${side}`;

/** The `read_models` collection, always read from the primary, and the events that were set aside. */
export class Registry {
  readonly entries: Collection<RegistryEntry>;
  readonly unapplied: Collection<UnappliedEvent>;

  constructor(readonly db: Db) {
    this.entries = db.collection<RegistryEntry>('read_models');
    this.unapplied = db.collection<UnappliedEvent>('unappliedEvents');
  }

  /** All entries by `_id`. */
  async load(session?: ClientSession): Promise<ReadonlyMap<string, RegistryEntry>> {
    const found = await this.entries.find({}, session ? { session } : {}).toArray();
    return new Map(found.map((entry) => [entry._id, entry]));
  }

  collectionOf<Schema extends Document>(entry: RegistryEntry, side?: string): Collection<Schema> {
    return this.db.collection<Schema>(sideCollection(entry.collection, side));
  }
}

/** @throws ReadModelError `read_model_missing` */
export function entryOf(entries: ReadonlyMap<string, RegistryEntry>, model: string): RegistryEntry {
  const entry = entries.get(model);
  if (entry) return entry;
  throw new ReadModelError('read_model_missing', `The read model ${model} has not been set up yet`);
}
