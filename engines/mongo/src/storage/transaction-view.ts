import type { Transaction as LmdbTransaction } from 'lmdb';
import { noSuchTransaction, writeConflict } from '../bson/errors.js';
import type { IndexSpec } from './collection.js';
import {
  behind,
  readChunk,
  type Chunk,
  type DataDb,
  type Entry,
  type KeyRange,
  type View,
} from './view.js';

interface Claim {
  readonly key: Buffer;
  /** The value in the snapshot. Within a write LMDB reads the write's own data, whatever it is asked for. */
  readonly before: Buffer | undefined;
}

/** Which open transaction has claimed which key; shared by all of them. */
export type Claims = Map<string, TransactionView>;

/**
 * How many writes have begun and how many are known to be over. A snapshot that was taken when as many
 * had finished as have begun by now has seen them all: nothing can have changed since.
 */
export interface WriteProgress {
  started: number;
  finished: number;
}

interface Own {
  readonly key: Buffer;
  /** Undefined: removed. */
  value: Buffer | undefined;
}

const byKey = (left: Entry | Own, right: Entry | Own): number => left.key.compare(right.key);
const nameOf = (key: Buffer): string => key.toString('latin1');

/** A snapshot of the data with one transaction's own writes on top, written only at commit. */
export class TransactionView implements View {
  readonly #own = new Map<string, Own>();
  /** The same in the order of the keys, once `#sortedOwn` has been asked. */
  #ordered: Own[] = [];
  readonly #claimed = new Map<string, Claim>();
  readonly #finishedAtStart: number;
  #released = false;

  constructor(
    private readonly data: DataDb,
    private readonly live: View,
    private readonly snapshot: LmdbTransaction,
    private readonly claims: Claims,
    private readonly progress: WriteProgress,
  ) {
    this.#finishedAtStart = progress.finished;
  }

  sees({ readyAt }: IndexSpec): boolean {
    return readyAt <= this.#finishedAtStart;
  }

  get(key: Buffer): Buffer | undefined {
    const own = this.#own.size === 0 ? undefined : this.#own.get(nameOf(key));
    return own === undefined ? this.#fromSnapshot(key) : own.value;
  }

  #fromSnapshot(key: Buffer): Buffer | undefined {
    this.#assertOpen();
    return this.data.get(key, { transaction: this.snapshot });
  }

  /** It may end while a statement of its own has paused. */
  #assertOpen(): void {
    if (this.#released) throw noSuchTransaction('The transaction has been aborted.');
  }

  read(range: KeyRange, reverse: boolean, count: number): Chunk {
    this.#assertOpen();
    const stored = readChunk(this.data, range, reverse, count, this.snapshot);
    if (this.#own.size === 0) return stored;
    const last = stored.isLast ? undefined : stored.entries.at(-1)?.key;
    const own = this.#ownIn(range).filter(
      ({ key }) =>
        last === undefined || (reverse ? key.compare(last) >= 0 : key.compare(last) <= 0),
    );
    if (own.length === 0) return stored;
    const untouched = stored.entries.filter(({ key }) => !this.#own.has(nameOf(key)));
    const written = own.flatMap(({ key, value }) => (value === undefined ? [] : [{ key, value }]));
    const entries = [...untouched, ...written].sort(byKey);
    // All of a chunk may be removed here: the next one begins behind what was read.
    if (entries.length === 0 && last !== undefined) {
      return this.read(behind(last, range, reverse), reverse, count);
    }
    return { entries: reverse ? entries.reverse() : entries, isLast: stored.isLast };
  }

  #ownIn({ start, end }: KeyRange): Own[] {
    if (this.#ordered.length < this.#own.size) this.#ordered = [...this.#own.values()].sort(byKey);
    return this.#ordered.slice(this.#countBefore(start), this.#countBefore(end));
  }

  /** How many of the own writes lie before `key`. */
  #countBefore(key: Buffer): number {
    let low = 0;
    let high = this.#ordered.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ordered[middle] as Own).key.compare(key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  claim(key: Buffer): void {
    const name = nameOf(key);
    if (this.#claimed.has(name)) return;
    const claim = { key, before: this.#fromSnapshot(key) };
    if (this.claims.has(name) || this.#hasChanged(claim)) throw writeConflict();
    this.claims.set(name, this);
    this.#claimed.set(name, claim);
  }

  #hasChanged({ key, before }: Claim): boolean {
    if (this.progress.started === this.#finishedAtStart) return false;
    const now = this.live.get(key);
    if (before === undefined || now === undefined) return before !== now;
    return !before.equals(now);
  }

  put(key: Buffer, value: Buffer): void {
    this.#write(key, Buffer.from(value));
  }

  remove(key: Buffer): void {
    this.#write(key, undefined);
  }

  #write(key: Buffer, value: Buffer | undefined): void {
    const before = this.#own.get(nameOf(key));
    if (before === undefined) this.#own.set(nameOf(key), { key, value });
    else before.value = value;
  }

  /** Writes everything; to be called inside a write transaction. Throws if a claimed key has changed. */
  commit(): void {
    for (const claim of this.#claimed.values()) {
      if (this.#hasChanged(claim)) throw writeConflict();
    }
    for (const { key, value } of this.#own.values()) {
      if (value === undefined) this.live.remove(key);
      else this.live.put(key, value);
    }
  }

  /** Lets go of the snapshot and of all claims. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    for (const name of this.#claimed.keys()) this.claims.delete(name);
    this.#claimed.clear();
    this.snapshot.done();
  }
}
