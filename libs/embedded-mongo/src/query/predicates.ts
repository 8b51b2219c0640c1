import { Bracket, encodeRaw, writeKey } from '../bson/key-encoding.js';
import { KeyWriter } from '../bson/key-writer.js';
import { BsonType, ElementReader, type RawValue } from '../bson/raw.js';
import { double } from '../bson/values.js';
import { badValue } from '../errors.js';
import type { Visit } from './path.js';
import { compileRegex } from './regex.js';

const candidate = new KeyWriter();

function compareTo(value: RawValue, operand: Buffer): number {
  writeKey(candidate.reset(), value.buf, value.type, value.start, value.end);
  return candidate.buf.compare(operand, 0, operand.length, 0, candidate.length);
}

export function equals(operand: RawValue): Visit {
  if (operand.isNullish) return (value) => value.isNullish;
  const key = encodeRaw(operand);
  if (key[0] === Bracket.string) return stringEquals(key);
  return (value) => compareTo(value, key) === 0;
}

/** Strings are compared byte by byte in place: the commonest equality of all. */
function stringEquals(key: Buffer): Visit {
  const text = Buffer.from(key.subarray(1, -2));
  if (text.includes(0)) return (value) => compareTo(value, key) === 0;
  return (value) =>
    (value.type === BsonType.string || value.type === BsonType.symbol) &&
    value.end - value.start - 5 === text.length &&
    value.buf.compare(text, 0, text.length, value.start + 4, value.end - 1) === 0;
}

const NAN_KEY = encodeRaw(double(NaN));

export function ordered(operator: string, operand: RawValue): Visit {
  if (operand.isRegex) {
    throw badValue(`Can't have RegEx as arg to predicate over field with ${operator}.`);
  }
  const key = encodeRaw(operand);
  const bracket = key[0] as number;
  const accepts = acceptsOrder(operator);
  if (operand.isNullish) return (value) => accepts(0) && value.isNullish;
  if (operand.type === BsonType.minKey || operand.type === BsonType.maxKey) {
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

export function oneOf(operator: string, operand: RawValue): Visit {
  if (!operand.isArray) throw badValue(`${operator} needs an array`);
  const items = operand.elements();
  if (items.some((item) => item.hasOperators)) {
    throw badValue(`cannot nest $ under ${operator}`);
  }
  const patterns = items.filter((value) => value.isRegex).map((item) => matches(item));
  const nullish = items.some((value) => value.isNullish);
  // Encoded for the first value that is tested: a scan whose bounds are exact tests none.
  let keys: ReadonlySet<string> | undefined;
  return (value) => {
    if (value.isNullish) return nullish;
    keys ??= new Set(items.map((item) => encodeRaw(item).toString('latin1')));
    writeKey(candidate.reset(), value.buf, value.type, value.start, value.end);
    if (keys.has(candidate.buf.toString('latin1', 0, candidate.length))) return true;
    return patterns.some((test) => test(value));
  };
}

/** The text and the options of a stored or sent regular expression. */
export function patternOf(value: RawValue): { readonly source: string; readonly options: string } {
  const text = value.text;
  if (text !== undefined) return { source: text, options: '' };
  if (!value.isRegex) throw badValue('$regex has to be a string');
  const { buf, start, end } = value;
  const middle = buf.indexOf(0, start);
  return {
    source: buf.toString('utf8', start, middle),
    options: buf.toString('utf8', middle + 1, end - 1),
  };
}

export function matches(pattern: RawValue, options?: string): Visit {
  const own = patternOf(pattern);
  const test = compileRegex(own.source, options ?? own.options);
  const same = pattern.isRegex ? encodeRaw(pattern) : undefined;
  return (value) => {
    if (value.type === BsonType.string || value.type === BsonType.symbol) {
      return test(value.buf.toString('utf8', value.start + 4, value.end - 1));
    }
    return same !== undefined && value.type === BsonType.regex && compareTo(value, same) === 0;
  };
}

export function hasSize(operand: RawValue): Visit {
  const size = operand.number;
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

const TYPE_ALIASES: ReadonlyMap<string, number> = new Map([
  ...'double string object array binData undefined objectId bool date null regex dbPointer javascript symbol javascriptWithScope int timestamp long decimal'
    .split(' ')
    .map((name, at) => [name, at + 1] as const),
  ['minKey', BsonType.minKey],
  ['maxKey', BsonType.maxKey],
]);

const NUMBER_TYPES = [BsonType.double, BsonType.int32, BsonType.int64, BsonType.decimal128];

function typesOf(item: RawValue): readonly number[] {
  const name = item.text;
  if (name === 'number') return NUMBER_TYPES;
  if (name !== undefined) {
    const type = TYPE_ALIASES.get(name);
    if (type === undefined) throw badValue(`Unknown type name alias: ${name}`);
    return [type];
  }
  const code = item.number;
  const type = code === -1 ? BsonType.minKey : code;
  if (type === undefined || ![...TYPE_ALIASES.values()].includes(type)) {
    throw badValue('Invalid numerical type code');
  }
  return [type];
}

export function hasType(operand: RawValue): Visit {
  const items = operand.isArray ? operand.elements() : [operand];
  if (items.length === 0) throw badValue('$type must match at least one type');
  const wanted = new Set(items.flatMap(typesOf));
  return ({ type }) => wanted.has(type);
}
