import type { DurableStore } from '@keytrail/embedded-storage';
import type { Database } from 'lmdb';
import { positionKey, readPosition, revisionKey } from './keys.js';
import { encodeRecord, recordCreatedMs, type ProposedEvent } from './record.js';
import { isMetastream, streamKey, streamOfMetastream } from './stream-name.js';
import {
  decodeStreamState,
  encodeStreamState,
  firstReadableRevision,
  newStreamState,
  type StreamState,
} from './stream-state.js';

export interface LogEntry {
  /** Place in the one order of all events; commit and prepare position of the protocol are equal. */
  readonly position: number;
  readonly record: Buffer;
}

export interface StreamEntry extends LogEntry {
  readonly revision: number;
}

interface Head {
  nextPosition: number;
  nextStreamId: number;
}

type Table = Database<Buffer, Buffer>;

/** Position 0 stays free: clients use it for "from the start". The real log begins here too. */
const FIRST_POSITION = 548;
const HEAD_KEY = 'head';
/** Stands for the revision of a tombstone, which is larger than a number can say. */
const TOMBSTONE_REVISION = Number.MAX_SAFE_INTEGER;
/** Of a stream's metadata only the latest version is readable. */
const METASTREAM_MAX_COUNT = 1;
/** One read stops after this much, as single events may be large. */
export const MAX_READ_BYTES = 1024 * 1024;
const MS_PER_SECOND = 1000;

/**
 * The tables of the event store: the log by position, the index of revisions, the streams by name.
 * Reads are synchronous and see every acknowledged write; writes belong inside `store.write`.
 */
export class EventLog {
  private readonly records: Table;
  private readonly revisions: Table;
  private readonly streams: Table;
  private readonly meta: Database<Head, string>;

  constructor(store: DurableStore) {
    const table = (name: string) =>
      store.env.openDB<Buffer, Buffer>({ name, keyEncoding: 'binary', encoding: 'binary' });
    this.records = table('records');
    this.revisions = table('revisions');
    this.streams = table('streams');
    this.meta = store.env.openDB<Head, string>({ name: 'meta', encoding: 'json' });
  }

  head(): Head {
    return this.meta.get(HEAD_KEY) ?? { nextPosition: FIRST_POSITION, nextStreamId: 1 };
  }

  putHead(head: Head): void {
    this.meta.putSync(HEAD_KEY, head);
  }

  stream(name: string): StreamState | undefined {
    // Of the nameless stream there can be metadata, but nothing to look up.
    if (name === '') return undefined;
    const bytes = this.streams.get(streamKey(name));
    return bytes && decodeStreamState(bytes);
  }

  /** Whether a stream, or the stream whose metadata it holds, is closed for ever. */
  isTombstoned(name: string): boolean {
    if (isMetastream(name) && this.stream(streamOfMetastream(name))?.tombstoned) return true;
    return this.stream(name)?.tombstoned === true;
  }

  putStream(name: string, state: StreamState): void {
    this.streams.putSync(streamKey(name), encodeStreamState(state));
  }

  /** A stream that may not have been written to yet, with a number of its own. */
  streamOrNew(name: string, head: Head): StreamState {
    const maxCount = isMetastream(name) ? METASTREAM_MAX_COUNT : Infinity;
    return this.stream(name) ?? newStreamState(head.nextStreamId++, maxCount);
  }

  /** Appends one record at the head; the caller stores the head and the stream afterwards. */
  append(
    event: ProposedEvent,
    streamName: string,
    state: StreamState,
    head: Head,
    createdMs: number,
  ): number {
    const position = head.nextPosition;
    const revision = state.tombstoned ? 'tombstone' : state.lastRevision + 1;
    const record = encodeRecord(event, { streamName, revision, position, createdMs });
    const key = positionKey(position);
    this.records.putSync(key, record, { append: true });
    const indexed = revision === 'tombstone' ? TOMBSTONE_REVISION : revision;
    this.revisions.putSync(revisionKey(state.id, indexed), key);
    if (revision !== 'tombstone') state.lastRevision = revision;
    head.nextPosition += record.length;
    return position;
  }

  /** Where the last event stands; undefined in an empty log. */
  lastPosition(): number | undefined {
    return this.readBackwards(Number.MAX_SAFE_INTEGER, 1)[0]?.position;
  }

  /** Whether a read can begin here: where an event begins, or where the log does. */
  isBoundary(position: number): boolean {
    if (position === 0 || position === this.head().nextPosition) return true;
    return this.records.doesExist(positionKey(position));
  }

  /** The event that closed a stream for ever. */
  tombstone(state: StreamState): LogEntry | undefined {
    const key = state.tombstoned
      ? this.revisions.get(revisionKey(state.id, TOMBSTONE_REVISION))
      : undefined;
    return key && this.entryOfKey(key, TOMBSTONE_REVISION);
  }

  entryAt(state: StreamState, revision: number): StreamEntry | undefined {
    if (revision < 0 || revision > state.lastRevision) return undefined;
    const key = this.revisions.get(revisionKey(state.id, revision));
    return key && this.entryOfKey(key, revision);
  }

  /** The entry at a revision, as far as $tb, $maxCount and $maxAge leave it. */
  readableAt(state: StreamState, revision: number, nowMs: number): StreamEntry | undefined {
    if (revision < firstReadableRevision(state)) return undefined;
    const entry = this.entryAt(state, revision);
    return entry && isYoung(entry, state, nowMs) ? entry : undefined;
  }

  /** Up to `limit` entries at or after `from`, in log order. */
  readForwards(from: number, limit: number): LogEntry[] {
    return this.read({ start: positionKey(from), limit });
  }

  /** Up to `limit` entries before (not at) `before`, latest first. */
  readBackwards(before: number, limit: number): LogEntry[] {
    return this.read({ start: positionKey(before), exclusiveStart: true, reverse: true, limit });
  }

  /** Readable entries of a stream from `from` on, as $tb, $maxCount and $maxAge leave them. */
  *streamForwards(state: StreamState, from: number, nowMs: number): Generator<StreamEntry, void> {
    let revision = Math.max(from, firstReadableRevision(state));
    for (; revision <= state.lastRevision; revision++) {
      const entry = this.readableAt(state, revision, nowMs);
      if (entry) yield entry;
    }
  }

  /** Entries of a stream from `from` on, whatever its limits. */
  *streamUnlimited(state: StreamState, from: number): Generator<StreamEntry, void> {
    for (let revision = from; revision <= state.lastRevision; revision++) {
      const entry = this.entryAt(state, revision);
      if (entry) yield entry;
    }
  }

  /** The same backwards, from `from` (included) down. */
  *streamBackwards(state: StreamState, from: number, nowMs: number): Generator<StreamEntry, void> {
    const first = firstReadableRevision(state);
    let revision = Math.min(from, state.lastRevision);
    for (; revision >= first; revision--) {
      const entry = this.readableAt(state, revision, nowMs);
      if (entry) yield entry;
    }
  }

  private entryOfKey(key: Buffer, revision: number): StreamEntry | undefined {
    const record = this.records.get(key);
    return record && { position: readPosition(key), record, revision };
  }

  private read(options: Parameters<Table['getRange']>[0]): LogEntry[] {
    const entries: LogEntry[] = [];
    let sizeBytes = 0;
    for (const { key, value } of this.records.getRange(options)) {
      entries.push({ position: readPosition(key), record: value });
      sizeBytes += value.length;
      if (sizeBytes > MAX_READ_BYTES) break;
    }
    return entries;
  }
}

function isYoung(entry: LogEntry, state: StreamState, nowMs: number): boolean {
  if (state.maxAgeSeconds === Infinity) return true;
  return recordCreatedMs(entry.record) >= nowMs - state.maxAgeSeconds * MS_PER_SECOND;
}
