import type { EventShape } from './recorded-event.js';

type Upcaster = (event: EventShape) => EventShape;

/**
 * What lifts an event of schema version `index + 1` to the next version. Empty while version 1 is the
 * only one; the first change of an event's shape adds its step here and raises `SCHEMA_VERSION`. An
 * optional field that older events lack is no such change.
 */
const steps: readonly Upcaster[] = [];

/** Lifts an event, as it was written, to the shape that the code knows today. */
export function upcast(event: EventShape, schemaVersion: number): EventShape {
  return steps.slice(schemaVersion - 1).reduce((lifted, step) => step(lifted), event);
}
