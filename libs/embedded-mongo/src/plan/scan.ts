import { documentValue, type RawValue } from '../bson/raw.js';
import type { Steps } from '../aggregate/steps.js';
import type { Match } from '../query/matcher.js';
import { primaryKeyOf } from '../storage/index-keys.js';
import type { Entry, KeyRange, View } from '../storage/view.js';
import type { Plan } from './planner.js';

export interface Found {
  readonly primary: Buffer;
  readonly document: RawValue;
}

/**
 * Walks a plan's ranges in key order and yields the matching documents. `suspend` lets go of the LMDB
 * cursor; the next call takes up after the last key, in the data as they are by then.
 */
export class Scan {
  keysExamined = 0;
  docsExamined = 0;
  matched = 0;
  readonly #seen: Set<string> | undefined;
  #rangeAt = 0;
  #entries: Iterator<Entry> | undefined;
  #lastKey: Buffer | undefined;
  #firstOfRange = true;

  constructor(
    readonly plan: Plan,
    private readonly match: Match,
    private readonly view: View,
  ) {
    this.#seen = plan.index?.multikey === true ? new Set() : undefined;
  }

  /** The matches one after the other, undefined for each document that is none. */
  *found(): Generator<Found | undefined, void, void> {
    try {
      for (let entry = this.#nextEntry(); entry !== undefined; entry = this.#nextEntry()) {
        this.keysExamined += 1;
        const found = this.#fetch(entry);
        if (found !== undefined) this.docsExamined += 1;
        if (found !== undefined && (this.plan.exact || this.match(found.document))) {
          this.matched += 1;
          yield found;
        } else yield undefined;
      }
    } finally {
      this.suspend();
    }
  }

  *documents(): Steps {
    for (const found of this.found()) yield found?.document;
  }

  /** Releases the cursor between two batches. */
  suspend(): void {
    this.#entries?.return?.();
    this.#entries = undefined;
  }

  #fetch({ key, value }: Entry): Found | undefined {
    const { index, collection } = this.plan;
    if (index === undefined) return { primary: key, document: documentValue(value) };
    const primary = primaryKeyOf(collection.treeId, index.unique, key, value);
    if (this.#seen !== undefined) {
      const name = primary.toString('latin1');
      if (this.#seen.has(name)) return undefined;
      this.#seen.add(name);
    }
    const raw = this.view.get(primary);
    return raw === undefined ? undefined : { primary, document: documentValue(raw) };
  }

  #nextEntry(): Entry | undefined {
    for (;;) {
      const range = this.plan.ranges[this.#rangeAt];
      if (range === undefined) return undefined;
      const entry = this.#isPoint(range) ? this.#lookUp(range) : this.#advance(range);
      if (entry !== undefined) {
        this.#lastKey = entry.key;
        return entry;
      }
      this.suspend();
      this.#rangeAt += 1;
      this.#lastKey = undefined;
      this.#firstOfRange = true;
    }
  }

  /** A whole `_id` or a whole unique key has at most one entry: a look-up instead of a cursor. */
  #isPoint(range: KeyRange): boolean {
    const { index, points } = this.plan;
    return points && (index === undefined || index.unique) && range.start.length > 4;
  }

  #lookUp(range: KeyRange): Entry | undefined {
    if (!this.#firstOfRange) return undefined;
    this.#firstOfRange = false;
    const value = this.view.get(range.start);
    return value === undefined ? undefined : { key: range.start, value };
  }

  #advance(range: KeyRange): Entry | undefined {
    this.#entries ??= this.view.range(this.#remaining(range), this.plan.reverse);
    const step = this.#entries.next();
    return step.done === true ? undefined : step.value;
  }

  #remaining(range: KeyRange): KeyRange {
    if (this.#lastKey === undefined) return range;
    if (this.plan.reverse) return { start: range.start, end: this.#lastKey };
    return { start: Buffer.concat([this.#lastKey, Buffer.alloc(1)]), end: range.end };
  }
}
