import type { DurableStore } from '@keytrail/embedded-storage';
import { EventLog, type LogEntry } from './event-log.js';
import type { Role } from './plays.js';
import { recordCreatedMs, recordMessage, recordStreamName } from './record.js';
import { recordedData } from './recorded-data.js';
import { limitsOf } from './stream-metadata.js';
import { metastreamOf } from './stream-name.js';
import type { StreamState } from './stream-state.js';

const STEP_ENTRIES = 64;

/** The log without its newest events, as a node has it that lags behind its leader. */
export class FollowerLog extends EventLog {
  constructor(
    store: DurableStore,
    private readonly role: Role,
  ) {
    super(store);
  }

  override head(): ReturnType<EventLog['head']> {
    const head = super.head();
    const end = this.end();
    return end < head.nextPosition ? { ...head, nextPosition: end } : head;
  }

  override stream(name: string): StreamState | undefined {
    const state = super.stream(name);
    const end = this.end();
    return state && end !== Infinity ? this.stateAt(state, name, end) : state;
  }

  override readForwards(from: number, limit: number): LogEntry[] {
    const end = this.end();
    const entries = super.readForwards(from, limit);
    return end === Infinity ? entries : entries.filter(({ position }) => position < end);
  }

  override readBackwards(before: number, limit: number): LogEntry[] {
    return super.readBackwards(Math.min(before, this.end()), limit);
  }

  /** The position of the first event that is not known yet. */
  private end(): number {
    const { behindEvents = 0, behindMs = 0 } = this.role.plays.follower ?? {};
    if (behindEvents === 0 && behindMs === 0) return Infinity;
    const knownUntilMs = behindMs === 0 ? Infinity : this.role.now() - behindMs;
    let end = Infinity;
    let left = behindEvents;
    for (const { position, record } of this.backwards()) {
      if (left-- <= 0 && recordCreatedMs(record) <= knownUntilMs) break;
      end = position;
    }
    return end;
  }

  private *backwards(): Generator<LogEntry, void> {
    let before = Number.MAX_SAFE_INTEGER;
    for (;;) {
      const entries = super.readBackwards(before, STEP_ENTRIES);
      if (entries.length === 0) return;
      yield* entries;
      before = entries.at(-1)?.position ?? 0;
    }
  }

  /** Takes back what the events from `end` on did to a stream. */
  private stateAt(state: StreamState, name: string, end: number): StreamState {
    const metastream = metastreamOf(name);
    let unknownEvents = 0;
    let hasNewMetadata = false;
    for (let from = end; ;) {
      const entries = super.readForwards(from, STEP_ENTRIES);
      for (const { record } of entries) {
        const streamName = recordStreamName(record);
        if (streamName === name) unknownEvents++;
        hasNewMetadata ||= streamName === metastream;
      }
      const last = entries.at(-1);
      if (!last) break;
      from = last.position + 1;
    }
    if (unknownEvents === 0 && !hasNewMetadata) return state;
    const losesTombstone = state.tombstoned && unknownEvents > 0;
    return {
      ...state,
      ...(hasNewMetadata ? this.limitsAt(metastream) : {}),
      tombstoned: state.tombstoned && !losesTombstone,
      lastRevision: state.lastRevision - unknownEvents + (losesTombstone ? 1 : 0),
    };
  }

  private limitsAt(metastream: string): ReturnType<typeof limitsOf> {
    const state = this.stream(metastream);
    const entry = state && this.entryAt(state, state.lastRevision);
    return limitsOf(entry ? recordedData(recordMessage(entry.record)).toString('utf8') : '{}');
  }
}
