import type { RawValue } from '../bson/raw.js';

import { inverted, successor } from '../bson/key-encoding.js';
import type { Filter } from '../query/matcher.js';
import { parsePath } from '../query/path.js';
import type { SortField } from '../query/sort.js';
import type { Collection, IndexField, IndexSpec } from '../storage/catalog.js';
import { treePrefix } from '../storage/index-keys.js';
import { fieldShare, ID_BYTES } from '../storage/long-keys.js';
import type { KeyRange, View } from '../storage/view.js';
import { descendingRanges, fieldBounds, type FieldBounds } from './bounds.js';
import { withinShare } from './share.js';
import { hinted, usable } from './usable.js';

/** How a query reaches its documents. */
export interface Plan {
  readonly collection: Collection;
  /** Undefined: the primary tree, which is the `_id` index and, without bounds, the whole collection. */
  readonly index: IndexSpec | undefined;
  readonly ranges: readonly KeyRange[];
  readonly reverse: boolean;
  /** The scan yields the requested order. */
  readonly sorted: boolean;
  /** Some condition narrows the scan, or the scan serves the sort. */
  readonly bounded: boolean;
  /** The bounds alone decide: documents need no further test. */
  readonly exact: boolean;
  /** Each range is one complete key. */
  readonly points: boolean;
}

interface Candidate extends Plan {
  readonly score: number;
}

/** More ranges than this are not worth a scan each. */
const MAX_RANGES = 20_000;

const ID_FIELD: IndexField = { path: parsePath('_id'), descending: false };

const isPoint = (bounds: FieldBounds | undefined): boolean =>
  bounds?.points === true && bounds.ranges.length === 1;

/** Whether scanning `fields` yields `sort`: 1 forwards, -1 backwards, 0 not at all. */
function sortDirection(
  fields: readonly IndexField[],
  bounds: readonly (FieldBounds | undefined)[],
  sort: readonly SortField[],
): 1 | -1 | 0 {
  const fixed = new Set(fields.filter((_, at) => isPoint(bounds[at])).map(({ path }) => path.text));
  let direction: 1 | -1 | 0 = 0;
  let at = 0;
  for (const wanted of sort) {
    if (fixed.has(wanted.path)) continue;
    while (fixed.has(fields[at]?.path.text ?? '')) at += 1;
    const field = fields[at];
    if (field?.path.text !== wanted.path) return 0;
    const next = field.descending === wanted.descending ? 1 : -1;
    if (direction !== 0 && direction !== next) return 0;
    direction = next;
    at += 1;
  }
  return direction === 0 ? 1 : direction;
}

interface Prefixes {
  readonly ranges: readonly KeyRange[];
  readonly used: number;
  readonly points: number;
}

/** Leading points as a cross product, then at most one field with proper ranges. */
function scanRanges(
  treeId: number,
  fields: readonly IndexField[],
  bounds: readonly (FieldBounds | undefined)[],
): Prefixes {
  let prefixes: Buffer[] = [treePrefix(treeId)];
  let points = 0;
  for (const [at, field] of fields.entries()) {
    const bound = bounds[at];
    if (bound === undefined || prefixes.length * bound.ranges.length > MAX_RANGES) break;
    if (!bound.points) {
      const ranges = field.descending ? descendingRanges(bound.ranges) : bound.ranges;
      const all = prefixes.flatMap((prefix) => ranges.map((range) => within(prefix, range)));
      return { ranges: all, used: points + 1, points };
    }
    const keys = bound.ranges.map(({ start }) => (field.descending ? inverted(start) : start));
    if (field.descending) keys.reverse();
    prefixes = prefixes.flatMap((prefix) => keys.map((key) => Buffer.concat([prefix, key])));
    points += 1;
  }
  const ranges = prefixes.map((prefix) => ({ start: prefix, end: successor(prefix) }));
  return { ranges, used: points, points };
}

const within = (prefix: Buffer, range: KeyRange): KeyRange => ({
  start: Buffer.concat([prefix, range.start]),
  end: Buffer.concat([prefix, range.end]),
});

function candidateFor(
  collection: Collection,
  index: IndexSpec | undefined,
  filter: Filter,
  sort: readonly SortField[],
): Candidate {
  const multikey = index?.multikey === true;
  const own = index?.fields ?? [ID_FIELD];
  const mixed = index === undefined ? collection.longIds : index.long;
  const share = index === undefined ? ID_BYTES : fieldShare(own.length);
  const bounds = own
    .map(({ path }) => fieldBounds(filter.conjuncts, path.text, multikey))
    .map((bound) => withinShare(bound, share, mixed));
  const { ranges, used, points } = scanRanges(index?.treeId ?? collection.treeId, own, bounds);
  const endsWithId = index !== undefined && !index.unique && !collection.longIds;
  const fields = endsWithId ? [...own, ID_FIELD] : own;
  const direction = multikey || mixed ? 0 : sortDirection(fields, bounds, sort);
  const sorted = sort.length === 0 || direction !== 0;
  const servesSort = sort.length > 0 && direction !== 0;
  const covered = own.slice(0, used);
  const exact =
    !multikey &&
    filter.complete &&
    filter.conjuncts.every(({ path }) => covered.some((field) => field.path.text === path)) &&
    bounds.slice(0, used).every((bound) => bound?.exact === true);
  const idLookup = index === undefined && points > 0 ? 1000 : 0;
  const uniqueLookup = index?.unique === true && points === own.length ? 500 : 0;
  return {
    collection,
    index,
    ranges: direction === -1 ? [...ranges].reverse() : ranges,
    reverse: direction === -1,
    sorted,
    bounded: used > 0 || servesSort,
    exact,
    points: points === own.length,
    score: points * 10 + (used - points) * 4 + (servesSort ? 8 : 0) + idLookup + uniqueLookup,
  };
}

const naturalPlan = (collection: Collection, reverse: boolean, sorted: boolean): Plan => {
  const prefix = treePrefix(collection.treeId);
  const ranges = [{ start: prefix, end: successor(prefix) }];
  return {
    collection,
    index: undefined,
    ranges,
    reverse,
    sorted,
    bounded: false,
    exact: false,
    points: false,
  };
};

/**
 * Chooses the scan: most equality fields first, then ranges and a served sort; `_id` and complete
 * unique keys beat all. Without any of these, the whole collection in `_id` order.
 */
export function planQuery(
  collection: Collection,
  filter: Filter,
  sort: readonly SortField[],
  view: View,
  hint?: RawValue,
): Plan {
  if (hint !== undefined) {
    const natural = hint.isObject ? hint.fields().get('$natural') : undefined;
    if (natural !== undefined) {
      return naturalPlan(collection, natural.number === -1, sort.length === 0);
    }
    return candidateFor(collection, hinted(collection, hint, filter, view), filter, sort);
  }
  let best = candidateFor(collection, undefined, filter, sort);
  for (const index of collection.indexes) {
    if (!usable(index, filter, view)) continue;
    const candidate = candidateFor(collection, index, filter, sort);
    if (candidate.score > best.score) best = candidate;
  }
  return best;
}
