import { documentValue, type RawValue } from '../bson/raw.js';
import type { Match } from '../query/matcher.js';
import { primaryKeyOf } from '../storage/index-keys.js';
import { behind, type Entry, type KeyRange, type View } from '../storage/view.js';
import type { Plan } from './planner.js';

export interface Found {
  /** Its key in the tree of the `_id`. */
  readonly primary: Buffer;
  readonly document: RawValue;
}

/** What scans have looked at. */
export interface Examined {
  keys: number;
  documents: number;
}

/** Entries are read some at a time; a first page is often enough. */
const FIRST_CHUNK = 8;
const LARGEST_CHUNK = 256;

/**
 * Walks a plan's ranges in key order and yields the matching documents, undefined for each entry without
 * one. Nothing is open between two steps: whoever pauses in between goes on in the data as they are then,
 * but for the entries that were read together with the last one.
 */
export function* scan(
  plan: Plan,
  match: Match,
  view: View,
  examined: Examined = { keys: 0, documents: 0 },
): Generator<Found | undefined, void, void> {
  for (const entries of chunksOf(plan, view)) {
    for (const entry of entries) {
      const found = fetch(plan, view, entry);
      examined.keys += 1;
      if (found !== undefined) examined.documents += 1;
      yield found !== undefined && match(found.document) ? found : undefined;
    }
  }
}

/** The documents of a scan alone. */
export function* documentsOf(
  scanned: Iterable<Found | undefined>,
): Generator<RawValue | undefined, void, void> {
  for (const found of scanned) yield found?.document;
}

function fetch({ index, collection: { id } }: Plan, view: View, entry: Entry): Found | undefined {
  const { key, value } = entry;
  if (index === id) return { primary: key, document: documentValue(value) };
  const primary = primaryKeyOf(id.treeId, index, key, value);
  const raw = view.get(primary);
  return raw && { primary, document: documentValue(raw) };
}

/** The entries of a plan's ranges, some at a time. */
export function* chunksOf(
  { ranges, reverse, lookups }: Pick<Plan, 'ranges' | 'reverse' | 'lookups'>,
  view: View,
): Generator<readonly Entry[], void, void> {
  for (const range of ranges) {
    if (lookups) {
      const value = view.get(range.start);
      if (value !== undefined) yield [{ key: range.start, value }];
      continue;
    }
    let rest: KeyRange | undefined = range;
    for (let count = FIRST_CHUNK; rest !== undefined; count = Math.min(count * 4, LARGEST_CHUNK)) {
      const { entries, isLast } = view.read(rest, reverse, count);
      yield entries;
      const last = entries.at(-1);
      rest = isLast || last === undefined ? undefined : behind(last.key, rest, reverse);
    }
  }
}
