import { BSONRegExp, MaxKey, MinKey } from 'bson';
import { asBoolean, asNumber, decodeValue, isPlainObject, toRegExp } from '../bson/codec.js';
import { Bracket, encodeValue, writeKey } from '../bson/key-encoding.js';
import { KeyWriter } from '../bson/key-writer.js';
import { BsonType, ElementReader, type RawValue } from '../bson/raw.js';
import { badValue } from '../errors.js';

/** A test on one value of a document; the value has type 0 where the field is missing. */
export type ValueTest = (value: RawValue) => boolean;

/** How a test meets an array: against each element and the whole, or only the whole. */
export interface Predicate {
  readonly test: ValueTest;
  readonly whole: boolean;
  readonly negated: boolean;
}

const candidate = new KeyWriter();

function compareTo(value: RawValue, operand: Buffer): number {
  writeKey(candidate.reset(), value.buf, value.type, value.start, value.end);
  return candidate.buf.compare(operand, 0, operand.length, 0, candidate.length);
}

const isNullish = (type: number): boolean =>
  type === BsonType.missing || type === BsonType.null || type === BsonType.undefined;

export function equals(operand: unknown): ValueTest {
  if (operand === null || operand === undefined) return (value) => isNullish(value.type);
  const key = encodeValue(operand);
  const bracket = key[0] as number;
  if (bracket === Bracket.string) return stringEquals(key);
  return (value) => compareTo(value, key) === 0;
}

/** Strings are compared byte by byte in place: the commonest equality of all. */
function stringEquals(key: Buffer): ValueTest {
  const text = Buffer.from(key.subarray(1, -2));
  const plain = !text.includes(0);
  if (!plain) return (value) => compareTo(value, key) === 0;
  return (value) =>
    (value.type === BsonType.string || value.type === BsonType.symbol) &&
    value.end - value.start - 5 === text.length &&
    value.buf.compare(text, 0, text.length, value.start + 4, value.end - 1) === 0;
}

const NAN_KEY = encodeValue(NaN);

export function ordered(operator: string, operand: unknown): ValueTest {
  if (operand instanceof BSONRegExp || operand instanceof RegExp) {
    throw badValue(`Can't have RegEx as arg to predicate over field with ${operator}.`);
  }
  const key = encodeValue(operand ?? null);
  const bracket = key[0] as number;
  const accepts = acceptsOrder(operator);
  if (operand === null || operand === undefined) {
    const inclusive = accepts(0);
    return (value) => inclusive && isNullish(value.type);
  }
  if (operand instanceof MinKey || operand instanceof MaxKey) {
    return (value) => value.type !== BsonType.missing && accepts(compareTo(value, key));
  }
  const operandIsNaN = key.equals(NAN_KEY);
  return (value) => {
    const order = compareTo(value, key);
    if (candidate.buf[0] !== bracket) return false;
    if (bracket !== Bracket.number) return accepts(order);
    const valueIsNaN = NAN_KEY.compare(candidate.peek()) === 0;
    if (operandIsNaN || valueIsNaN) return order === 0 && accepts(0);
    return accepts(order);
  };
}

function acceptsOrder(operator: string): (order: number) => boolean {
  switch (operator) {
    case '$gt':
      return (order) => order > 0;
    case '$gte':
      return (order) => order >= 0;
    case '$lt':
      return (order) => order < 0;
    default:
      return (order) => order <= 0;
  }
}

export function oneOf(operand: unknown): ValueTest {
  if (!Array.isArray(operand)) throw badValue('$in needs an array');
  const plain: unknown[] = [];
  const patterns: ValueTest[] = [];
  let nullish = false;
  for (const item of operand as unknown[]) {
    if (item instanceof BSONRegExp || item instanceof RegExp) patterns.push(matches(item));
    else if (item === null || item === undefined) nullish = true;
    else if (isPlainObject(item) && Object.keys(item)[0]?.startsWith('$') === true) {
      throw badValue('cannot nest $ under $in');
    } else plain.push(item);
  }
  // Encoded for the first value that is tested: a scan whose bounds are exact tests none.
  let keys: ReadonlySet<string> | undefined;
  return (value) => {
    if (isNullish(value.type)) return nullish;
    keys ??= new Set(plain.map((item) => encodeValue(item).toString('latin1')));
    writeKey(candidate.reset(), value.buf, value.type, value.start, value.end);
    if (keys.has(candidate.buf.toString('latin1', 0, candidate.length))) return true;
    return patterns.some((test) => test(value));
  };
}

export function matches(pattern: unknown, options?: string): ValueTest {
  const expression = toRegExp(pattern, options);
  const same = pattern instanceof BSONRegExp ? encodeValue(pattern) : undefined;
  return (value) => {
    if (value.type === BsonType.string || value.type === BsonType.symbol) {
      return expression.test(value.buf.toString('utf8', value.start + 4, value.end - 1));
    }
    return same !== undefined && value.type === BsonType.regex && compareTo(value, same) === 0;
  };
}

export const exists = (operand: unknown): Predicate => ({
  test: (value) => value.type !== BsonType.missing,
  whole: true,
  negated: !asBoolean(operand),
});

export function modulo(operand: unknown): ValueTest {
  if (!Array.isArray(operand) || operand.length !== 2) {
    throw badValue('malformed mod, not enough elements');
  }
  const [divisor, remainder] = operand.map((item) => asNumber(item));
  if (divisor === undefined || remainder === undefined) throw badValue('malformed mod');
  if (Math.trunc(divisor) === 0) throw badValue('divisor cannot be 0');
  return (value) => {
    const number = asNumber(decodeValue(value));
    return (
      number !== undefined && Math.trunc(number) % Math.trunc(divisor) === Math.trunc(remainder)
    );
  };
}

export function hasSize(operand: unknown): ValueTest {
  const size = asNumber(operand);
  if (size === undefined || !Number.isInteger(size) || size < 0) {
    throw badValue('$size must be a whole, non-negative number');
  }
  return (value) => {
    if (value.type !== BsonType.array) return false;
    const reader = new ElementReader(value.buf, value.start);
    let count = 0;
    while (reader.next()) count += 1;
    return count === size;
  };
}

const TYPE_ALIASES: Readonly<Record<string, number>> = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: 255,
  maxKey: 127,
};

export function hasType(operand: unknown): ValueTest {
  const wanted = new Set<number>();
  for (const item of Array.isArray(operand) ? (operand as unknown[]) : [operand]) {
    if (item === 'number') [1, 16, 18, 19].forEach((type) => wanted.add(type));
    else if (typeof item === 'string') {
      const type = TYPE_ALIASES[item];
      if (type === undefined) throw badValue(`Unknown type name alias: ${item}`);
      wanted.add(type);
    } else {
      const type = asNumber(item);
      const known = type !== undefined && Object.values(TYPE_ALIASES).includes(type & 0xff);
      if (!known) throw badValue('Invalid numerical type code');
      wanted.add(type & 0xff);
    }
  }
  return (value) => wanted.has(value.type);
}
