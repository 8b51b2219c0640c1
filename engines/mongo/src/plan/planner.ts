import { encodeRaw, successor } from '../bson/key-encoding.js';
import type { Filter } from '../query/matcher.js';
import type { SortField } from '../query/sort.js';
import { ID_FIELD, type Collection, type IndexSpec } from '../storage/collection.js';
import { treePrefix } from '../storage/index-keys.js';
import type { KeyRange, View } from '../storage/view.js';
import { indexBounds, type FieldBounds } from './bounds.js';

/** How a query reaches its documents; each is tested all the same. */
export interface Plan {
  readonly collection: Collection;
  readonly index: IndexSpec;
  readonly ranges: readonly KeyRange[];
  readonly reverse: boolean;
  /** The scan yields the requested order. */
  readonly sorted: boolean;
  /** Some condition narrows the scan, or the scan serves the sort. */
  readonly bounded: boolean;
  /** Each range begins with the one key there can be in it. */
  readonly lookups: boolean;
}

interface Candidate extends Plan {
  readonly score: number;
}

/** More ranges than this are not worth a scan each. */
const MAX_RANGES = 20_000;

const isPoint = (bounds: FieldBounds | undefined): boolean =>
  bounds?.points === true && bounds.ranges.length === 1;

/** Whether scanning `fields` yields `sort`: 1 forwards, -1 backwards, 0 not at all. */
function sortDirection(
  fields: readonly SortField[],
  bounds: readonly (FieldBounds | undefined)[],
  sort: readonly SortField[],
): 1 | -1 | 0 {
  const fixed = new Set(fields.filter((_, at) => isPoint(bounds[at])).map(({ path }) => path.text));
  let direction: 1 | -1 | 0 = 0;
  let at = 0;
  for (const wanted of sort) {
    if (fixed.has(wanted.path.text)) continue;
    while (fixed.has(fields[at]?.path.text ?? '')) at += 1;
    const field = fields[at];
    if (field?.path.text !== wanted.path.text) return 0;
    const next = field.descending === wanted.descending ? 1 : -1;
    if (direction !== 0 && direction !== next) return 0;
    direction = next;
    at += 1;
  }
  return direction === 0 ? 1 : direction;
}

interface Prefixes {
  readonly ranges: readonly KeyRange[];
  /** How many fields narrow the ranges, and how many of these are points. */
  readonly used: number;
  readonly points: number;
}

/** Leading points as a cross product, then at most one field with proper ranges. */
function scanRanges(treeId: number, bounds: readonly (FieldBounds | undefined)[]): Prefixes {
  let prefixes: Buffer[] = [treePrefix(treeId)];
  let used = 0;
  for (const bound of bounds) {
    if (bound === undefined || prefixes.length * bound.ranges.length > MAX_RANGES) break;
    used += 1;
    if (!bound.points) {
      const ranges = prefixes.flatMap((prefix) =>
        bound.ranges.map(({ start, end }) => ({
          start: Buffer.concat([prefix, start]),
          end: Buffer.concat([prefix, end]),
        })),
      );
      return { ranges, used, points: used - 1 };
    }
    prefixes = prefixes.flatMap((prefix) =>
      bound.ranges.map(({ start }) => Buffer.concat([prefix, start])),
    );
  }
  const ranges = prefixes.map((start) => ({ start, end: successor(start) }));
  return { ranges, used, points: used };
}

function candidateFor(
  collection: Collection,
  index: IndexSpec,
  filter: Filter,
  sort: readonly SortField[],
): Candidate {
  const bounds = indexBounds(filter.conjuncts, index);
  const { ranges, used, points } = scanRanges(index.treeId, bounds);
  const endsWithId = !index.unique && !collection.id.long;
  const fields = endsWithId ? [...index.fields, ID_FIELD] : index.fields;
  const direction = index.long ? 0 : sortDirection(fields, bounds, sort);
  const servesSort = sort.length > 0 && direction !== 0;
  const lookups = index.unique && points === index.fields.length;
  return {
    collection,
    index,
    ranges: direction === -1 ? [...ranges].reverse() : ranges,
    reverse: direction === -1,
    sorted: sort.length === 0 || direction !== 0,
    bounded: used > 0 || servesSort,
    lookups,
    score: points * 10 + (used - points) * 4 + (servesSort ? 8 : 0) + (lookups ? 500 : 0),
  };
}

/** A partial index misses documents: the filter has to ask for each of its conditions. */
const holdsAll = ({ partial }: IndexSpec, { conjuncts }: Filter): boolean =>
  partial === undefined ||
  partial.conjuncts.every((wanted) =>
    conjuncts.some(
      ({ path, operator, operand }) =>
        path === wanted.path &&
        operator === wanted.operator &&
        encodeRaw(operand).equals(encodeRaw(wanted.operand)),
    ),
  );

/**
 * Chooses the scan: complete unique keys beat all, then most equality fields, then ranges and a served
 * sort. Without any of these, the whole collection in `_id` order.
 */
export function planQuery(
  collection: Collection,
  filter: Filter,
  sort: readonly SortField[],
  view: View,
): Plan {
  let best = candidateFor(collection, collection.id, filter, sort);
  for (const index of collection.indexes) {
    if (!view.sees(index) || !holdsAll(index, filter)) continue;
    const candidate = candidateFor(collection, index, filter, sort);
    if (candidate.score > best.score) best = candidate;
  }
  return best;
}
