import { Bracket, encodeRaw, inverted, successor } from '../bson/key-encoding.js';
import { BsonType, type RawValue } from '../bson/raw.js';
import { double } from '../bson/values.js';
import type { Conjunct } from '../query/matcher.js';
import type { IndexSpec } from '../storage/collection.js';
import { shortened, shortenedRange } from '../storage/index-keys.js';
import type { KeyRange } from '../storage/view.js';

/** The keys of one field that an index scan has to see: those of all matches, and perhaps of others. */
export interface FieldBounds {
  /** Sorted, not overlapping. */
  readonly ranges: readonly KeyRange[];
  /** Every range is a single key. */
  readonly points: boolean;
}

const NAN_END = successor(encodeRaw(double(NaN)));

function pointsOf(values: readonly RawValue[], share: number): FieldBounds {
  const keys = values.map((value) => shortened(encodeRaw(value), share));
  const unique = new Map(keys.map((key) => [key.toString('latin1'), key]));
  const sorted = [...unique.values()].sort((left, right) => left.compare(right));
  return { ranges: sorted.map((start) => ({ start, end: successor(start) })), points: true };
}

function rangeOf(operator: string, operand: RawValue): KeyRange | undefined {
  const { type, isArray, isObject, isNullish, isRegex } = operand;
  if (isArray || isObject || isNullish || isRegex) return undefined;
  if (type === BsonType.minKey || type === BsonType.maxKey) return undefined;
  const key = encodeRaw(operand);
  const bracket = key[0] as number;
  const isNumber = bracket === Bracket.number;
  if (isNumber && key.compare(NAN_END) < 0) return undefined;
  const low = isNumber ? NAN_END : Buffer.from([bracket]);
  const high = Buffer.from([bracket + 1]);
  return {
    $gt: { start: successor(key), end: high },
    $gte: { start: key, end: high },
    $lt: { start: low, end: key },
    $lte: { start: low, end: successor(key) },
  }[operator];
}

function boundsOf({ operator, operand }: Conjunct, share: number): FieldBounds | undefined {
  if (operator === '$eq') return operand.isArray ? undefined : pointsOf([operand], share);
  if (operator === '$in') {
    const items = operand.isArray ? operand.elements() : [];
    return items.some(({ isRegex, isArray }) => isRegex || isArray)
      ? undefined
      : pointsOf(items, share);
  }
  const range = rangeOf(operator, operand);
  return range && { ranges: [shortenedRange(range, share)], points: false };
}

function intersect(left: FieldBounds, right: FieldBounds): FieldBounds {
  const ranges: KeyRange[] = [];
  for (const a of left.ranges) {
    for (const b of right.ranges) {
      const start = a.start.compare(b.start) >= 0 ? a.start : b.start;
      const end = a.end.compare(b.end) <= 0 ? a.end : b.end;
      if (start.compare(end) < 0) ranges.push({ start, end });
    }
  }
  return { ranges, points: left.points || right.points };
}

/** The bounds that the conjuncts set on each field of an index, as they stand in its keys. */
export function indexBounds(
  conjuncts: readonly Conjunct[],
  { fields, share }: IndexSpec,
): (FieldBounds | undefined)[] {
  return fields.map(({ path, descending }) => {
    let bounds: FieldBounds | undefined;
    for (const conjunct of conjuncts) {
      const own = conjunct.path === path.text ? boundsOf(conjunct, share) : undefined;
      if (own !== undefined) bounds = bounds === undefined ? own : intersect(bounds, own);
    }
    return bounds && descending ? descendingBounds(bounds) : bounds;
  });
}

function descendingBounds({ ranges, points }: FieldBounds): FieldBounds {
  const turned = ranges.map(({ start, end }) =>
    points
      ? { start: inverted(start), end: successor(inverted(start)) }
      : { start: successor(inverted(end)), end: successor(inverted(start)) },
  );
  return { ranges: turned.reverse(), points };
}
