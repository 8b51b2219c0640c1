import type { EventType } from '@keytrail/domain';
import type { EventShape } from './recorded-event.js';

type Upcaster = (event: EventShape) => EventShape;

/**
 * By event type, what lifts an event of schema version `index + 1` to the next version. The first change
 * of an event's shape adds its step here and raises the version in the catalogue. An optional field that
 * older events lack is no such change.
 */
const steps = new Map<EventType, readonly Upcaster[]>();

/** The steps of an event, also of one that only another version of Keytrail knows: it has none. */
export const upcastersOf = (type: string): readonly Upcaster[] =>
  (steps as ReadonlyMap<string, readonly Upcaster[]>).get(type) ?? [];

/**
 * Lifts an event, as it was written, to the shape that the code knows today.
 *
 * @param schemaVersion by default that of today
 */
export function upcast(event: EventShape, schemaVersion = Infinity): EventShape {
  return upcastersOf(event.type)
    .slice(schemaVersion - 1)
    .reduce((lifted, step) => step(lifted), event);
}
