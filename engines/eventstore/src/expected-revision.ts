import type { EventLog } from './event-log.js';
import { recordEventId, type ProposedEvent } from './record.js';
import type { RecentEventIds } from './recent-event-ids.js';
import { metastreamOf } from './stream-name.js';
import { isSoftDeleted, type StreamState } from './stream-state.js';
import type { WriteOutcome } from './write-outcome.js';

/** A number is an exact revision. */
export type ExpectedRevision = number | 'any' | 'no_stream' | 'stream_exists';

type Check = { readonly kind: 'accepted' } | WriteOutcome;

const ACCEPTED: Check = { kind: 'accepted' };

/** Refuses what needs the stream to exist. One that has metadata does, even without an event. */
export function checkExistence(
  log: EventLog,
  streamName: string,
  state: StreamState,
  expected: ExpectedRevision,
): WriteOutcome | undefined {
  if (expected === 'stream_exists' && isSoftDeleted(state)) return { kind: 'stream_deleted' };
  const exists = state.lastRevision >= 0 || log.stream(metastreamOf(streamName)) !== undefined;
  return exists ? undefined : { kind: 'wrong_expected_revision', current: -1 };
}

/**
 * Decides whether events may be appended, as EventStoreDB does: a repeat of events that are there is
 * acknowledged with the revision it got the first time, a partial repeat is a wrong revision.
 */
export function checkExpectedRevision(
  log: EventLog,
  recentIds: RecentEventIds,
  state: StreamState,
  expected: ExpectedRevision,
  events: readonly ProposedEvent[],
): Check {
  const wrong: Check = { kind: 'wrong_expected_revision', current: state.lastRevision };
  if (expected === 'any' || expected === 'stream_exists') {
    return checkRecent(log, recentIds, state, events) ?? wrong;
  }
  const revision = expected === 'no_stream' ? -1 : expected;
  if (revision === state.lastRevision) return ACCEPTED;
  if (revision > state.lastRevision) return wrong;
  const repeated = countRepeated(log, state, revision, events);
  const isNewLife = expected === 'no_stream' && events.length > 0 && isSoftDeleted(state);
  if (repeated === 0 && isNewLife) return ACCEPTED;
  if (repeated === 0 || repeated < events.length) return wrong;
  return repeatOf(log, state, revision + events.length);
}

/** How many of the events are in the stream after `revision`, in this order. */
function countRepeated(
  log: EventLog,
  state: StreamState,
  revision: number,
  events: readonly ProposedEvent[],
): number {
  const mismatch = events.findIndex((event, index) => {
    const entry = log.entryAt(state, revision + 1 + index);
    return !entry || recordEventId(entry.record) !== event.id;
  });
  return mismatch < 0 ? events.length : mismatch;
}

/** Undefined for a partial repeat. */
function checkRecent(
  log: EventLog,
  recentIds: RecentEventIds,
  state: StreamState,
  events: readonly ProposedEvent[],
): Check | undefined {
  let last: number | undefined;
  for (const [index, { id }] of events.entries()) {
    const place = recentIds.find(id);
    if (place?.streamId !== state.id) return index === 0 ? ACCEPTED : undefined;
    last = place.revision;
  }
  return last === undefined ? ACCEPTED : repeatOf(log, state, last);
}

/** A repeat is answered as the first time, but without the position of an event that is hidden. */
function repeatOf(log: EventLog, state: StreamState, revision: number): WriteOutcome {
  const position = log.readableAt(state, revision, Date.now())?.position;
  return { kind: 'written', revision, position };
}
