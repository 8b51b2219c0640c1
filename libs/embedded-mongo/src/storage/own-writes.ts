import type { Entry, KeyRange } from './view.js';

export interface Own {
  readonly key: Buffer;
  /** Undefined: removed. */
  value: Buffer | undefined;
}

/** More new writes than this are sorted together rather than put in their places one by one. */
const FEW = 64;

const byKey = (left: Own, right: Own): number => left.key.compare(right.key);

/** How many of the sorted writes lie before `key`. */
function countBefore(sorted: readonly Own[], key: Buffer): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as Own).key.compare(key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What a transaction has written so far, to be read in the order of the keys. */
export class OwnWrites {
  readonly #own = new Map<string, Own>();
  /** The writes in the order of their keys, but for those since the last scan. */
  #sorted: Own[] = [];
  #unsorted: Own[] = [];

  get isEmpty(): boolean {
    return this.#own.size === 0;
  }

  get(key: Buffer): Own | undefined {
    return this.isEmpty ? undefined : this.#own.get(key.toString('latin1'));
  }

  all(): Iterable<Own> {
    return this.#own.values();
  }

  /** @param value undefined removes what is there */
  write(key: Buffer, value: Buffer | undefined): void {
    const name = key.toString('latin1');
    const before = this.#own.get(name);
    if (before !== undefined) {
      before.value = value;
      return;
    }
    const own = { key, value };
    this.#own.set(name, own);
    this.#unsorted.push(own);
  }

  in({ start, end }: KeyRange): Own[] {
    this.#sortNew();
    return this.#sorted.slice(countBefore(this.#sorted, start), countBefore(this.#sorted, end));
  }

  #sortNew(): void {
    if (this.#unsorted.length > FEW) {
      this.#sorted = [...this.#sorted, ...this.#unsorted].sort(byKey);
    } else {
      for (const own of this.#unsorted) {
        this.#sorted.splice(countBefore(this.#sorted, own.key), 0, own);
      }
    }
    this.#unsorted = [];
  }
}

/** Stored entries with a transaction's own writes in their places. */
export function* merge(
  stored: Iterable<Entry>,
  own: readonly Own[],
  sign: 1 | -1,
): Generator<Entry> {
  let at = 0;
  for (const entry of stored) {
    let next = own[at];
    while (next !== undefined && next.key.compare(entry.key) * sign < 0) {
      if (next.value !== undefined) yield { key: next.key, value: next.value };
      at += 1;
      next = own[at];
    }
    if (next?.key.equals(entry.key) === true) {
      if (next.value !== undefined) yield { key: next.key, value: next.value };
      at += 1;
    } else yield entry;
  }
  for (const { key, value } of own.slice(at)) {
    if (value !== undefined) yield { key, value };
  }
}
