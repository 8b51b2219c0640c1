import type { RecordedEvent } from '@keytrail/event-store';
import { messageOf, redact } from '@keytrail/platform';
import type { Lane } from './lanes.js';
import type { Operation } from './operation.js';
import type { RegistryEntry, UnappliedEvent } from './registry.js';

export interface Positioned {
  readonly event: RecordedEvent;
  /** The event's, formatted. */
  readonly position: string;
}

/** What a batch means for one lane. */
export interface LaneWork {
  readonly operations: readonly Operation[];
  readonly unapplied: readonly UnappliedEvent[];
}

/** @param refusal why none of the events can be written; absent for those that nobody has refused */
export function planWork(
  { model, entry }: Lane,
  events: readonly Positioned[],
  refusal: unknown,
): LaneWork {
  const operations: Operation[] = [];
  const unapplied: UnappliedEvent[] = [];
  for (const positioned of events) {
    if (positioned.position <= entry.position) continue;
    if (refusal !== undefined) {
      unapplied.push(toUnapplied(entry, positioned, refusal));
      continue;
    }
    try {
      operations.push(...model.project(positioned.event, positioned.position));
    } catch (error) {
      unapplied.push(toUnapplied(entry, positioned, error));
    }
  }
  return { operations, unapplied };
}

/** What a server says of a document it refuses may quote the whole of it. */
const longestReason = 500;

const toUnapplied = (
  { model, version, collection }: RegistryEntry,
  { event: { id, type, streamName }, position }: Positioned,
  error: unknown,
): UnappliedEvent => ({
  _id: `${collection}@${position}`,
  ...{ model, version, collection, position, type, streamName },
  eventId: id,
  reason: redact(messageOf(error)).slice(0, longestReason),
  at: new Date(),
});
