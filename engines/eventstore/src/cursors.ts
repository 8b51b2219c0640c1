import { MAX_READ_BYTES, type EventLog, type LogEntry, type StreamEntry } from './event-log.js';
import type { LogPosition } from './log-position.js';
import type { StreamState } from './stream-state.js';

/** Entries read in one go: enough to be fast, few enough to leave the event loop to others. */
const BATCH_ENTRIES = 256;

/** Reads on where the last call stopped; an empty answer means that there is nothing more now. */
export interface Cursor<Entry extends LogEntry = LogEntry> {
  next(): Entry[];
}

/** $all in log order from `from` (included); ends before `end`. */
export function allForwards(log: EventLog, from: number, end = Infinity): Cursor {
  let position = from;
  return {
    next() {
      const entries = log.readForwards(position, BATCH_ENTRIES);
      const last = entries.at(-1);
      if (last) position = last.position + 1;
      return last && last.position >= end
        ? entries.filter((entry) => entry.position < end)
        : entries;
    },
  };
}

/**
 * $all against the log order, from the event that ends at or before `before`: its end is a commit and
 * a prepare position in one.
 */
export function allBackwards(log: EventLog, before: LogPosition): Cursor {
  let position = before.commit;
  let skips = before.prepare < before.commit ? 1 : 0;
  return {
    next() {
      const entries = log.readBackwards(position, BATCH_ENTRIES);
      position = entries.at(-1)?.position ?? position;
      const wanted = entries.slice(skips);
      skips = 0;
      // What was skipped may have been alone.
      return wanted.length > 0 || entries.length === 0 ? wanted : this.next();
    },
  };
}

/** A stream as it is now, in either direction. */
export function streamSnapshot(
  log: EventLog,
  state: StreamState,
  direction: 'forwards' | 'backwards',
  from: number,
): Cursor {
  const now = Date.now();
  const entries =
    direction === 'forwards'
      ? log.streamForwards(state, from, now)
      : log.streamBackwards(state, from, now);
  return { next: () => take(entries) };
}

/**
 * A stream as it grows, from `from` (included). `lookUp` answers with its state at each call. Limits
 * hold until it has caught up; what is committed later is passed on even if $maxCount hides it by then.
 */
export function growingStream(
  log: EventLog,
  lookUp: () => StreamState | undefined,
  from: number,
): Cursor<StreamEntry> {
  let revision = from;
  let hasCaughtUp = false;
  return {
    next() {
      const state = lookUp();
      const entries = state ? take(entriesFrom(log, state, revision, hasCaughtUp)) : [];
      hasCaughtUp ||= entries.length === 0;
      // Without any entry what is left has expired and is not looked at again.
      const last = entries.at(-1)?.revision ?? state?.lastRevision ?? -1;
      revision = Math.max(revision, last + 1);
      return entries;
    },
  };
}

function entriesFrom(
  log: EventLog,
  state: StreamState,
  revision: number,
  hasCaughtUp: boolean,
): Generator<StreamEntry, void> {
  return hasCaughtUp
    ? log.streamUnlimited(state, revision)
    : log.streamForwards(state, revision, Date.now());
}

/** The next entries, up to a number and a size: an event may have a megabyte. */
function take(source: Generator<StreamEntry, void>): StreamEntry[] {
  const entries: StreamEntry[] = [];
  let sizeBytes = 0;
  while (entries.length < BATCH_ENTRIES && sizeBytes < MAX_READ_BYTES) {
    const step = source.next();
    if (step.done === true) break;
    entries.push(step.value);
    sizeBytes += step.value.record.length;
  }
  return entries;
}
