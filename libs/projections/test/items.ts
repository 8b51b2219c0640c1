import type { EventShape, RecordedEvent } from '@keytrail/event-store';
import { insert, type Operation, type ReadModel, update, upsert } from '../src/index.js';
import { recorded } from '@keytrail/testing';
import {
  startModels,
  type TestModels as TestModelsOf,
} from '../../../test/product/model-database.js';

// A small application of the tests: things in places that are used and at some time closed.

const made =
  (type: string) =>
  (id: string, place = 'hall'): EventShape => ({ type, data: { id, place } });

export const added = made('Added');
const moved = made('Moved');
export const used = made('Used');
export const closed = made('Closed');

const dataOf = ({ data }: RecordedEvent): { readonly id: string; readonly place: string } => ({
  id: String(data['id']),
  place: String(data['place']),
});

/** Documents that are inserted once and changed without looking at their place in the log. */
const items: ReadModel<'items'> = {
  name: 'items',
  version: 1,
  collections: { '': [{ key: { status: 1 } }] },
  project: (event, position) => {
    const { id } = dataOf(event);
    const at = new Date(event.context.occurredAt);
    switch (event.type) {
      case 'Added':
        return [insert(id, { status: 'open', position })];
      case 'Used':
        return [update(id, { $max: { usedAt: at, position } })];
      case 'Closed':
        return [update(id, { $set: { status: 'closed' }, $max: { position } })];
      default:
        return [];
    }
  },
};

/** Documents that are guarded by the position of their last change. */
const places: ReadModel<'places'> = {
  name: 'places',
  version: 1,
  collections: { '': [] },
  project: (event, position) => {
    const { id, place } = dataOf(event);
    return event.type === 'Added' || event.type === 'Moved'
      ? [upsert(id, { guard: position, $set: { place } })]
      : [];
  },
};

/** Counts, with a side collection. */
const uses: ReadModel<'uses'> = {
  name: 'uses',
  version: 2,
  collections: { '': [{ key: { count: -1 } }], totals: [] },
  project: (event) => {
    const { id, place } = dataOf(event);
    const counted: Operation[] = [
      upsert(id, { $setOnInsert: { place }, $inc: { count: 1 } }),
      upsert(place, { collection: 'totals', $inc: { count: 1 } }),
    ];
    return event.type === 'Used' ? counted : [];
  },
};

/** One document for every event. */
const journal: ReadModel<'journal'> = {
  name: 'journal',
  version: 1,
  collections: { '': [{ key: { type: 1 } }] },
  project: ({ id, type }, position) => [insert(position, { eventId: id, type })],
};

export const testModels: readonly ReadModel<'items' | 'places' | 'uses' | 'journal'>[] = [
  items,
  places,
  uses,
  journal,
];
export const testModelNames = testModels.map(({ name }) => name);

/** Events of several things, over some hours. */
export function longHistory(things: number, usesOfEach: number): RecordedEvent[] {
  const startedAt = Date.parse('2026-03-01T00:00:00.000Z');
  const ids = Array.from({ length: things }, (_, index) => `thing_${index + 1}`);
  const events = [
    ...ids.map((id) => added(id)),
    ...Array.from({ length: usesOfEach }, () => ids.map((id) => used(id))).flat(),
    ...ids.map((id) => moved(id, `room of ${id}`)),
    ...ids.filter((_, index) => index % 3 === 0).map((id) => closed(id)),
  ];
  return events.map((event, index) =>
    recorded(event, { at: new Date(startedAt + index * 60_000).toISOString() }),
  );
}

export type TestModels = TestModelsOf<(typeof testModels)[number]['name']>;

export const startTestModels = (): Promise<TestModels> => startModels(testModels);
