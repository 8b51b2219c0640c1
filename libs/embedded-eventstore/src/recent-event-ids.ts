import type { EventLog } from './event-log.js';
import { recordEventId, recordStreamName } from './record.js';

export interface EventPlace {
  readonly streamId: number;
  readonly revision: number;
  readonly position: number;
}

const CAPACITY = 50_000;
/** Events looked at after a start, so that a repeat across a restart is recognised too. */
const LOADED_FROM_LOG = 10_000;

/**
 * The places of recently appended events by id. Appends that expect no exact revision are recognised
 * as repeats by it; as on the real server that is best effort, limited by its capacity.
 */
export class RecentEventIds {
  private places: Map<string, EventPlace> | undefined;

  constructor(private readonly log: EventLog) {}

  find(id: string): EventPlace | undefined {
    return this.loaded().get(id);
  }

  note(id: string, place: EventPlace): void {
    // Before the first look-up nothing is kept: loading takes the latest events from the log.
    const places = this.places;
    if (!places) return;
    places.set(id, place);
    if (places.size <= CAPACITY) return;
    for (const oldest of places.keys()) {
      places.delete(oldest);
      break;
    }
  }

  forget(): void {
    this.places = undefined;
  }

  private loaded(): Map<string, EventPlace> {
    return (this.places ??= this.load());
  }

  private load(): Map<string, EventPlace> {
    const places = new Map<string, EventPlace>();
    const latest = this.log.readBackwards(Number.MAX_SAFE_INTEGER, LOADED_FROM_LOG);
    const later = new Map<number, number>();
    for (const { record, position } of latest) {
      const state = this.log.stream(recordStreamName(record));
      if (!state || state.tombstoned) continue;
      const seen = later.get(state.id) ?? 0;
      later.set(state.id, seen + 1);
      places.set(recordEventId(record), {
        streamId: state.id,
        revision: state.lastRevision - seen,
        position,
      });
    }
    return new Map([...places].reverse());
  }
}
