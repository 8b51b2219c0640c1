import type { EventLog, LogEntry } from './event-log.js';
import { recordEventId, recordStreamName } from './record.js';

export interface EventPlace {
  readonly streamId: number;
  readonly revision: number;
}

const CAPACITY = 50_000;
/** Events looked at after a start, so that a repeat across a restart is recognised too. */
const LOADED_EVENTS = 10_000;
/** Not looked further back than this, as the start would take too long with very large events. */
const LOADED_BYTES = 64 * 1024 * 1024;

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
    // The first place of an id counts, whatever it is used for later.
    if (places.has(id)) return;
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
    const later = new Map<number, number>();
    for (const { record } of this.latest()) {
      const state = this.log.stream(recordStreamName(record));
      if (!state || state.tombstoned) continue;
      const seen = later.get(state.id) ?? 0;
      later.set(state.id, seen + 1);
      places.set(recordEventId(record), {
        streamId: state.id,
        revision: state.lastRevision - seen,
      });
    }
    return new Map([...places].reverse());
  }

  private *latest(): Generator<LogEntry, void> {
    let left = LOADED_EVENTS;
    let sizeBytes = 0;
    let before = Number.MAX_SAFE_INTEGER;
    while (left > 0 && sizeBytes < LOADED_BYTES) {
      const entries = this.log.readBackwards(before, left);
      if (entries.length === 0) return;
      for (const entry of entries) {
        sizeBytes += entry.record.length;
        before = entry.position;
        yield entry;
      }
      left -= entries.length;
    }
  }
}
