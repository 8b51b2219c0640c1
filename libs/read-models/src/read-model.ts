import type { EventType, KeytrailEvent } from '@keytrail/domain';
import { formatPosition, type RecordedEvent } from '@keytrail/event-store';
import type { IndexOptions, IndexSpecification } from 'mongodb';
import type { Operation } from './operation.js';

export type KnownEvent = RecordedEvent<KeytrailEvent>;

export type ModelName =
  'credentials' | 'keys' | 'accounts' | 'members' | 'invitations' | 'audit' | 'usage';

export interface Index {
  readonly key: IndexSpecification;
  readonly options?: IndexOptions;
}

/** One read model: what it keeps, how it is indexed, and what each event does to it. */
export interface ReadModel {
  readonly name: ModelName;
  /** Raised whenever the documents change; the projector then builds a new generation. */
  readonly version: number;
  /** Indexes per collection; the key is the side collection's name, '' for the main one. */
  readonly collections: Readonly<Record<string, readonly Index[]>>;
  /** Event types that command handlers also write themselves, see `writeSynchronously`. */
  readonly synchronous: readonly EventType[];
  /** Pure: the same event always gives the same operations. `position` is the event's, formatted. */
  readonly project: (event: RecordedEvent, position: string) => readonly Operation[];
}

type Projections = {
  readonly [Type in KnownEvent['type']]?: (
    event: Extract<KnownEvent, { readonly type: Type }>,
    position: string,
  ) => readonly Operation[];
};

/** A projection made of one function per event type; all other events change nothing. */
export function byType(projections: Projections): ReadModel['project'] {
  // Each function is asked only for the type it stands for, which the compiler cannot see here.
  const table = new Map(Object.entries(projections) as [string, ReadModel['project']][]);
  return (event, position) => table.get(event.type)?.(event, position) ?? [];
}

/** What an event does to a model. */
export const project = (model: ReadModel, event: RecordedEvent): readonly Operation[] =>
  model.project(event, formatPosition(event.position));
