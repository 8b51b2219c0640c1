import { type LogPosition, parsePosition, type Place } from '@keytrail/event-store';
import type { ReadModels } from './read-models.js';
import { storePlace } from './registry.js';

/**
 * Generations of earlier versions know a position only, which may be that of somebody else's event.
 * Gives each of them the event of Keytrail's that stands there or last before it; one whose position is
 * no place in the log keeps it, and is told apart by it.
 *
 * @param lastUpTo the newest of Keytrail's events at or before a position; `null` when there is none
 */
export async function adoptPlaces(
  { registry }: ReadModels,
  lastUpTo: (position: LogPosition) => Promise<Place | null>,
): Promise<void> {
  for (const { _id, generation, position, eventId } of (await registry.load()).values()) {
    if (position === '' || eventId !== undefined) continue;
    const last = await lastUpTo(parsePosition(position));
    if (!last) continue;
    await registry.entries.updateOne({ _id, generation, position }, { $set: storePlace(last) });
  }
}
