import { badValue } from '../bson/errors.js';
import { Bracket, encodeRaw, writeKey } from '../bson/key-encoding.js';
import { KeyWriter } from '../bson/key-writer.js';
import { BsonType, type RawValue } from '../bson/raw.js';
import { double } from '../bson/values.js';
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
    value.type === BsonType.string &&
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
  const keys = new Set(items.map((item) => encodeRaw(item).toString('latin1')));
  return (value) => {
    if (value.isNullish) return nullish;
    writeKey(candidate.reset(), value.buf, value.type, value.start, value.end);
    if (keys.has(candidate.buf.toString('latin1', 0, candidate.length))) return true;
    return patterns.some((test) => test(value));
  };
}

/** The text and the options of a stored or sent regular expression. */
function patternOf(value: RawValue): { readonly source: string; readonly options: string } {
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
    if (value.type === BsonType.string) {
      return test(value.buf.toString('utf8', value.start + 4, value.end - 1));
    }
    return same !== undefined && value.type === BsonType.regex && compareTo(value, same) === 0;
  };
}

/** Names that `$type` knows beside those of BSON. */
const TYPE_ALIASES: Readonly<Record<string, readonly number[]>> = {
  binData: [BsonType.binary],
  int: [BsonType.int32],
  long: [BsonType.int64],
  number: [BsonType.double, BsonType.int32, BsonType.int64],
};

function typesOf(item: RawValue): readonly number[] {
  const { text, number } = item;
  const types =
    text === undefined
      ? Object.values(BsonType).filter(
          (type) => type === (number === -1 ? BsonType.minKey : number),
        )
      : (TYPE_ALIASES[text] ?? typesCalled(text));
  if (types.length === 0 || types.includes(BsonType.missing)) {
    throw badValue('$type needs the name or number of a type that is stored here');
  }
  return types;
}

const typesCalled = (name: string): number[] =>
  Object.entries(BsonType).flatMap(([own, type]) => (own === name ? [type] : []));

export function hasType(operand: RawValue): Visit {
  const items = operand.isArray ? operand.elements() : [operand];
  if (items.length === 0) throw badValue('$type must match at least one type');
  const wanted = new Set(items.flatMap(typesOf));
  return ({ type }) => wanted.has(type);
}
