import { formatPosition, type RecordedEvent } from '@keytrail/event-store';
import type { IndexOptions, IndexSpecification } from 'mongodb';
import type { Operation } from './operation.js';

export interface Index {
  readonly key: IndexSpecification;
  readonly options?: IndexOptions;
}

/** One read model: what it keeps, how it is indexed, and what each event does to it. */
export interface ReadModel<Name extends string = string> {
  readonly name: Name;
  /** Raised whenever the documents change; the projector then builds a new generation. */
  readonly version: number;
  /** Indexes per collection; the key is the side collection's name, '' for the main one. */
  readonly collections: Readonly<Record<string, readonly Index[]>>;
  /** Pure: the same event always gives the same operations. `position` is the event's, formatted. */
  readonly project: (event: RecordedEvent, position: string) => readonly Operation[];
}

/** What an event does to a model. */
export const project = (model: ReadModel, event: RecordedEvent): readonly Operation[] =>
  model.project(event, formatPosition(event.position));

/** The names of a model's collections: '' for the main one. */
export const sidesOf = (models: readonly ReadModel[], name: string): readonly string[] =>
  models.flatMap((model) => (model.name === name ? Object.keys(model.collections) : []));
