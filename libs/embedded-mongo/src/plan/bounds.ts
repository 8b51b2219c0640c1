import { Bracket, encodeRaw, inverted, NULL_KEY, successor } from '../bson/key-encoding.js';
import { BsonType, type RawValue } from '../bson/raw.js';
import { double } from '../bson/values.js';
import type { Conjunct } from '../query/matcher.js';
import { patternOf } from '../query/predicates.js';
import type { KeyRange } from '../storage/view.js';

/** The values of one field an index scan has to see. */
export interface FieldBounds {
  /** Sorted, not overlapping. */
  readonly ranges: readonly KeyRange[];
  /** Every range is a single value. */
  readonly points: boolean;
  /** The ranges hold exactly the matches: nothing is left to test. */
  readonly exact: boolean;
  /** A document without the field cannot match: sparse indexes will do. */
  readonly excludesNull: boolean;
}

const point = (key: Buffer): KeyRange => ({ start: key, end: successor(key) });

const NAN_END = successor(encodeRaw(double(NaN)));

const NULL_BOUNDS: FieldBounds = {
  ranges: [point(NULL_KEY)],
  points: true,
  exact: false,
  excludesNull: false,
};

function equalityBounds(operand: RawValue): FieldBounds | undefined {
  if (operand.isArray) return undefined;
  if (operand.isNullish) return NULL_BOUNDS;
  return { ranges: [point(encodeRaw(operand))], points: true, exact: true, excludesNull: true };
}

function inBounds(operand: RawValue): FieldBounds | undefined {
  if (!operand.isArray) return undefined;
  const items = operand.elements();
  if (items.some((item) => item.isRegex || item.isArray)) return undefined;
  const keys = new Map<string, Buffer>();
  let hasNull = false;
  for (const item of items) {
    const key = encodeRaw(item);
    hasNull ||= key.equals(NULL_KEY);
    keys.set(key.toString('latin1'), key);
  }
  const ranges = [...keys.values()].sort((left, right) => left.compare(right)).map(point);
  return { ranges, points: true, exact: !hasNull, excludesNull: !hasNull };
}

function orderBounds(operator: string, operand: RawValue): FieldBounds | undefined {
  if (operand.isArray || operand.isNullish || operand.isObject) return undefined;
  if (operand.type === BsonType.minKey || operand.type === BsonType.maxKey) return undefined;
  const key = encodeRaw(operand);
  const bracket = key[0] as number;
  if (key.compare(NAN_END) < 0 && bracket === Bracket.number) return undefined;
  const low = bracket === Bracket.number ? NAN_END : Buffer.from([bracket]);
  const high = Buffer.from([bracket + 1]);
  const range = {
    $gt: { start: successor(key), end: high },
    $gte: { start: key, end: high },
    $lt: { start: low, end: key },
    $lte: { start: low, end: successor(key) },
  }[operator];
  if (range === undefined) return undefined;
  return { ranges: [range], points: false, exact: true, excludesNull: true };
}

/** An anchored pattern without alternatives narrows the scan to its literal prefix (and to stored patterns). */
function regexBounds(operand: RawValue): FieldBounds | undefined {
  const { source, options } = patternOf(operand);
  if (options !== '') return undefined;
  const prefix = /^\^([\w /:@-]+)/.exec(source)?.[1];
  if (prefix === undefined || source.includes('|')) return undefined;
  const next = source.charAt(prefix.length + 1);
  const literal = /[*?{]/.test(next) ? prefix.slice(0, -1) : prefix;
  const start = Buffer.concat([Buffer.from([Bracket.string]), Buffer.from(literal)]);
  return {
    ranges: [
      { start, end: successor(start) },
      { start: Buffer.from([Bracket.regex]), end: Buffer.from([Bracket.regex + 1]) },
    ],
    points: false,
    exact: false,
    excludesNull: true,
  };
}

function boundsOf({ operator, operand }: Conjunct): FieldBounds | undefined {
  switch (operator) {
    case '$eq':
      return equalityBounds(operand);
    case '$in':
      return inBounds(operand);
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return orderBounds(operator, operand);
    case '$regex':
      return regexBounds(operand);
    case '$exists':
      return operand.isTrue ? undefined : NULL_BOUNDS;
    default:
      return undefined;
  }
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
  return {
    ranges,
    points: left.points || right.points,
    exact: left.exact && right.exact,
    excludesNull: left.excludesNull || right.excludesNull,
  };
}

/**
 * The bounds the conjuncts set on one field. Over an array field (multikey) different elements may
 * meet different conditions, so only one condition can bound the scan.
 */
export function fieldBounds(
  conjuncts: readonly Conjunct[],
  path: string,
  multikey: boolean,
): FieldBounds | undefined {
  let result: FieldBounds | undefined;
  let skipped = false;
  for (const conjunct of conjuncts) {
    if (conjunct.path !== path) continue;
    const bounds = boundsOf(conjunct);
    if (bounds === undefined) skipped = true;
    else if (result === undefined) result = bounds;
    else if (multikey) {
      skipped = true;
      if (bounds.points && !result.points) result = bounds;
    } else result = intersect(result, bounds);
  }
  return result && skipped ? { ...result, exact: false } : result;
}

/** The same values in an index that stores the field in descending order. */
export function descendingRanges(ranges: readonly KeyRange[]): KeyRange[] {
  return ranges
    .map(({ start, end }) => ({ start: successor(inverted(end)), end: successor(inverted(start)) }))
    .reverse();
}
