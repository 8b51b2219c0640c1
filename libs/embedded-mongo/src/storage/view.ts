import type { Database, Transaction } from 'lmdb';
import type { IndexSpec } from './catalog.js';

export interface Entry {
  readonly key: Buffer;
  readonly value: Buffer;
}

/** Bytes [start, end) of the key space. */
export interface KeyRange {
  readonly start: Buffer;
  readonly end: Buffer;
}

/** What statements read and write: LMDB itself, or a transaction's snapshot with its own writes. */
export interface View {
  /** Whether an index is complete in it. One that was made later would hide documents. */
  sees(index: IndexSpec): boolean;
  get(key: Buffer): Buffer | undefined;
  range(range: KeyRange, reverse: boolean): Iterator<Entry>;
  countKeys(range: KeyRange): number;
  /** Announces a write to a document or unique key; throws WriteConflict if someone else has it. */
  claim(key: Buffer): void;
  put(key: Buffer, value: Buffer): void;
  remove(key: Buffer): void;
  /** Counts documents in (+) or out (-) of a collection's primary tree. */
  addCount(treeId: number, delta: number): void;
  documentCount(treeId: number): number;
}

export type DataDb = Database<Buffer, Buffer>;

/** Range options of lmdb: backwards, `start` is the upper end. */
export function rangeOptions(range: KeyRange, reverse: boolean): object {
  return reverse
    ? {
        start: range.end,
        end: range.start,
        reverse: true,
        exclusiveStart: true,
        inclusiveEnd: true,
      }
    : { start: range.start, end: range.end };
}

const countKey = (treeId: number): Buffer => {
  const key = Buffer.alloc(4);
  key.writeUInt32BE(treeId);
  return key;
};

/** Reads see the latest commit; inside a write transaction, also what it wrote so far. */
export class LiveView implements View {
  constructor(
    private readonly data: DataDb,
    private readonly counts: Database<Buffer, Buffer>,
  ) {}

  sees({ readyAt }: IndexSpec): boolean {
    return readyAt < Infinity;
  }

  get(key: Buffer): Buffer | undefined {
    return this.data.getBinary(key);
  }

  range(range: KeyRange, reverse: boolean): Iterator<Entry> {
    return this.data.getRange(rangeOptions(range, reverse))[Symbol.iterator]();
  }

  countKeys(range: KeyRange): number {
    return this.data.getKeysCount({ start: range.start, end: range.end });
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

  addCount(treeId: number, delta: number): void {
    if (delta === 0) return;
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(this.documentCount(treeId) + delta);
    this.counts.putSync(countKey(treeId), bytes);
  }

  /** @param snapshot what to count in, instead of the latest commit */
  documentCount(treeId: number, snapshot?: Transaction): number {
    const bytes = this.counts.get(countKey(treeId), snapshot && { transaction: snapshot });
    return bytes?.readDoubleLE(0) ?? 0;
  }
}
