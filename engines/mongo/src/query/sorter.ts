import { MongoFault } from '../bson/errors.js';

/** Memory one sort may take, as on the real server. */
export const SORT_LIMIT_BYTES = 100 * 1024 * 1024;

/** Items sorted at once; what takes longer than a few milliseconds would keep others waiting. */
const RUN = 4_096;

interface Sortable<T> {
  readonly key: Buffer;
  readonly order: number;
  readonly item: T;
  readonly sizeBytes: number;
}

const compare = <T>(left: Sortable<T>, right: Sortable<T>): number =>
  left.key.compare(right.key) || left.order - right.order;

function* merged<T>(
  left: Iterable<Sortable<T>>,
  right: Iterable<Sortable<T>>,
): Generator<Sortable<T>> {
  const rest = right[Symbol.iterator]();
  let next = rest.next();
  for (const item of left) {
    for (; next.done !== true && compare(next.value, item) < 0; next = rest.next())
      yield next.value;
    yield item;
  }
  for (; next.done !== true; next = rest.next()) yield next.value;
}

/** Merges sorted runs in pairs of pairs, so that each item is compared log(n) times. */
function mergeAll<T>(runs: readonly Iterable<Sortable<T>>[]): Iterable<Sortable<T>> {
  const [only, second] = runs;
  if (only === undefined) return [];
  if (second === undefined) return only;
  const half = runs.length >>> 1;
  return merged(mergeAll(runs.slice(0, half)), mergeAll(runs.slice(half)));
}

/**
 * Sorts in memory by byte key, first come first for equal ones; with a limit it keeps only the first
 * `limit`. Beyond 100 MiB it refuses with error 292. Runs are sorted as they fill and merged as they
 * are read, so that no step takes long.
 */
export class Sorter<T> {
  readonly #runs: Sortable<T>[][] = [];
  #filling: Sortable<T>[] = [];
  #bytes = 0;
  #count = 0;

  constructor(private readonly limit = Infinity) {}

  add(key: Buffer, item: T, sizeBytes: number): void {
    this.#filling.push({ key, order: this.#count, item, sizeBytes });
    this.#count += 1;
    this.#bytes += sizeBytes + key.length;
    if (this.#filling.length >= Math.max(RUN, this.limit === Infinity ? 0 : this.limit * 2)) {
      this.#endRun();
    }
    if (this.#bytes > SORT_LIMIT_BYTES) {
      throw new MongoFault(
        292,
        `Sort exceeded memory limit of ${SORT_LIMIT_BYTES} bytes, but did not opt in to external sorting.`,
      );
    }
  }

  #endRun(): void {
    this.#filling.sort(compare);
    if (this.limit === Infinity) {
      this.#runs.push(this.#filling);
      this.#filling = [];
      return;
    }
    for (const { sizeBytes, key } of this.#filling.splice(this.limit)) {
      this.#bytes -= sizeBytes + key.length;
    }
  }

  /** The items in order, once. */
  *drain(): Generator<T> {
    this.#filling.sort(compare);
    let left = this.limit;
    for (const { item } of mergeAll([...this.#runs, this.#filling])) {
      if (left <= 0) return;
      left -= 1;
      yield item;
    }
  }
}
