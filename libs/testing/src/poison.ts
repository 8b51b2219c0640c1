import type { EventShape, RecordedEvent } from '@keytrail/event-store';
import { insert, type Operation, type ReadModel, upsert } from '@keytrail/projections';

/** In what way an event cannot be applied. */
export const refusals = {
  'a projection that throws': () => {
    throw new Error('broken');
  },
  'a write that the store refuses': () => [upsert('x', { $set: { a: 1 }, $inc: { a: 1 } })],
  'a key that is taken': () => [insert('twice', {}), insert('twice', {})],
  'a document that is too large': () => [insert('large', { text: 'x'.repeat(17_000_000) })],
} as const satisfies Readonly<Record<string, () => Operation[]>>;

export type Refusal = keyof typeof refusals;

/** An event that weakened projections do not take. */
export const poison = (event: EventShape): EventShape => ({
  type: event.type,
  data: { ...event.data, isPoison: true },
});

export const isPoison = ({ data }: RecordedEvent): boolean => data['isPoison'] === true;

/** A projection that cannot take poison. */
export const weakened =
  (project: ReadModel['project'], refusal: Refusal): ReadModel['project'] =>
  (event, position) =>
    isPoison(event) ? refusals[refusal]() : project(event, position);
