import type { Document } from 'bson';
import { asNumber, isPlainObject } from '../bson/codec.js';
import { inverted, successor } from '../bson/key-encoding.js';
import { badValue } from '../errors.js';
import type { Filter } from '../query/matcher.js';
import { parsePath } from '../query/path.js';
import type { SortField } from '../query/sort.js';
import type { Collection, IndexField, IndexSpec } from '../storage/catalog.js';
import { treePrefix } from '../storage/index-keys.js';
import type { KeyRange, View } from '../storage/view.js';
import { descendingRanges, fieldBounds, type FieldBounds } from './bounds.js';
import { impliesPartial } from './partial.js';

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
  const bounds = own.map(({ path }) => fieldBounds(filter.conjuncts, path.text, multikey));
  const { ranges, used, points } = scanRanges(index?.treeId ?? collection.treeId, own, bounds);
  const fields = index === undefined || index.unique ? own : [...own, ID_FIELD];
  const direction = multikey ? 0 : sortDirection(fields, bounds, sort);
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

/** Sparse and partial indexes miss documents, and new ones all: usable only if the query cannot want those. */
function usable(index: IndexSpec, filter: Filter, view: View): boolean {
  if (!view.sees(index)) return false;
  if (index.partialExpression !== undefined && !impliesPartial(filter, index.partialExpression)) {
    return false;
  }
  if (!index.sparse) return true;
  return index.fields.some(
    ({ path }) => fieldBounds(filter.conjuncts, path.text, true)?.excludesNull === true,
  );
}

const sameKey = (left: Document, right: Document): boolean => {
  const pairs = (key: Document): string =>
    JSON.stringify(
      Object.entries(key).map(([path, order]: [string, unknown]) => [
        path,
        asNumber(order) ?? order,
      ]),
    );
  return pairs(left) === pairs(right);
};

function hinted(collection: Collection, hint: unknown, view: View): IndexSpec | undefined {
  if (hint === '_id_' || (isPlainObject(hint) && sameKey(hint, { _id: 1 }))) return undefined;
  const index = collection.indexes.find(
    ({ name, key }) => name === hint || (isPlainObject(hint) && sameKey(key, hint)),
  );
  if (index === undefined || !view.sees(index)) {
    throw badValue(
      'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
    );
  }
  return index;
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
  hint?: unknown,
): Plan {
  if (isPlainObject(hint) && '$natural' in hint) {
    return naturalPlan(collection, asNumber(hint.$natural) === -1, sort.length === 0);
  }
  if (hint !== undefined) {
    return candidateFor(collection, hinted(collection, hint, view), filter, sort);
  }
  let best = candidateFor(collection, undefined, filter, sort);
  for (const index of collection.indexes) {
    if (!usable(index, filter, view)) continue;
    const candidate = candidateFor(collection, index, filter, sort);
    if (candidate.score > best.score) best = candidate;
  }
  return best;
}
