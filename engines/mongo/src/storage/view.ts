import type { Database, RangeOptions, Transaction } from 'lmdb';
import type { IndexSpec } from './collection.js';

export interface Entry {
  readonly key: Buffer;
  readonly value: Buffer;
}

/** Bytes [start, end) of the key space. */
export interface KeyRange {
  readonly start: Buffer;
  readonly end: Buffer;
}

/** A part of a range, read at once: nothing stays open between two of them. */
export interface Chunk {
  readonly entries: readonly Entry[];
  /** Nothing of the range lies behind it. */
  readonly isLast: boolean;
}

/** What statements read and write: LMDB itself, or a transaction's snapshot with its own writes. */
export interface View {
  /** Whether an index is complete in it. One that was made later would hide documents. */
  sees(index: IndexSpec): boolean;
  get(key: Buffer): Buffer | undefined;
  /** The first entries of a range, about as many as are wanted. */
  read(range: KeyRange, reverse: boolean, count: number): Chunk;
  /** Announces a write to a document or unique key; throws WriteConflict if someone else has it. */
  claim(key: Buffer): void;
  put(key: Buffer, value: Buffer): void;
  remove(key: Buffer): void;
}

/** What of a range lies behind a key, in the direction of a scan. */
export const behind = (key: Buffer, { start, end }: KeyRange, reverse: boolean): KeyRange =>
  reverse ? { start, end: key } : { start: Buffer.concat([key, Buffer.alloc(1)]), end };

const LARGEST_CHUNK_BYTES = 1024 * 1024;

export type DataDb = Database<Buffer, Buffer>;

/** Reads see the latest commit; inside a write transaction, also what it wrote so far. */
export class LiveView implements View {
  constructor(private readonly data: DataDb) {}

  sees({ readyAt }: IndexSpec): boolean {
    return readyAt < Infinity;
  }

  get(key: Buffer): Buffer | undefined {
    return this.data.getBinary(key);
  }

  read(range: KeyRange, reverse: boolean, count: number): Chunk {
    return readChunk(this.data, range, reverse, count);
  }

  claim(): void {
    // Writes run one after the other inside LMDB's write transaction: nothing to announce.
  }

  put(key: Buffer, value: Buffer): void {
    this.data.putSync(key, value);
  }

  remove(key: Buffer): void {
    this.data.removeSync(key);
  }
}

/** @param snapshot what to read instead of the latest commit */
export function readChunk(
  data: DataDb,
  { start, end }: KeyRange,
  reverse: boolean,
  limit: number,
  snapshot?: Transaction,
): Chunk {
  // Backwards, `start` is the upper end.
  const bounds: RangeOptions = reverse
    ? { start: end, end: start, reverse, exclusiveStart: true, inclusiveEnd: true }
    : { start, end };
  const entries: Entry[] = [];
  let bytes = 0;
  const options = { ...bounds, limit, ...(snapshot && { transaction: snapshot }) };
  for (const entry of data.getRange(options)) {
    entries.push(entry);
    bytes += entry.value.length;
    if (bytes > LARGEST_CHUNK_BYTES) return { entries, isLast: false };
  }
  return { entries, isLast: entries.length < limit };
}
