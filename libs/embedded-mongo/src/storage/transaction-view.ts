import type { Transaction as LmdbTransaction } from 'lmdb';
import { noSuchTransaction, writeConflict } from '../errors.js';
import type { IndexSpec } from './catalog.js';
import { merge, OwnWrites } from './own-writes.js';
import { SizeChanges, sum, type Size, type Sizes } from './sizes.js';
import {
  rangeOptions,
  type DataDb,
  type Entry,
  type KeyRange,
  type LiveView,
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

/** A snapshot of the data with one transaction's own writes on top, written only at commit. */
export class TransactionView implements View {
  readonly #own = new OwnWrites();
  readonly #claimed = new Map<string, Claim>();
  readonly #changes = new SizeChanges();
  readonly #finishedAtStart: number;
  #released = false;

  constructor(
    private readonly data: DataDb,
    private readonly live: LiveView,
    private readonly sizes: Sizes,
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
    const own = this.#own.get(key);
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

  claim(key: Buffer): void {
    const name = key.toString('latin1');
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
    this.#own.write(key, Buffer.from(value));
  }

  remove(key: Buffer): void {
    this.#own.write(key, undefined);
  }

  account(treeId: number, change: Size): void {
    this.#changes.add(treeId, change);
  }

  size(treeId: number): Size {
    return sum(this.sizes.get(treeId, this.snapshot), this.#changes.of(treeId));
  }

  range(range: KeyRange, reverse: boolean): Iterator<Entry> {
    this.#assertOpen();
    const options = { ...rangeOptions(range, reverse), transaction: this.snapshot };
    const stored = this.data.getRange(options);
    const own = this.#own.in(range);
    if (own.length === 0) return stored[Symbol.iterator]();
    if (reverse) own.reverse();
    return merge(stored, own, reverse ? -1 : 1);
  }

  countKeys(range: KeyRange): number {
    const entries = this.range(range, false);
    let count = 0;
    while (entries.next().done !== true) count += 1;
    return count;
  }

  /** Writes everything; to be called inside a write transaction. Throws if a claimed key has changed. */
  commit(): void {
    for (const claim of this.#claimed.values()) {
      if (this.#hasChanged(claim)) throw writeConflict();
    }
    for (const { key, value } of this.#own.all()) {
      if (value === undefined) this.live.remove(key);
      else this.live.put(key, value);
    }
    for (const [treeId, change] of this.#changes.take()) this.live.account(treeId, change);
  }

  get hasWrites(): boolean {
    return !this.#own.isEmpty;
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
