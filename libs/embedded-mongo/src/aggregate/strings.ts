import { evalExpr } from 'mingo/core';
import { Decimal128, Long, ObjectId, type Document } from 'bson';
import { isPlainObject } from '../bson/codec.js';
import { badValue, MongoFault } from '../errors.js';
import { several, single, text, typeName, type Evaluate } from './arguments.js';
import { isNil } from './truth.js';

function asText(value: unknown): string | null {
  if (isNil(value)) return null;
  if (value instanceof ObjectId) return value.toHexString();
  if (value instanceof Long || value instanceof Decimal128) return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return value;
  throw new MongoFault(241, `Unsupported conversion from ${typeName(value)} to string`);
}

/** Operators that take what is not a string for one; null is the empty string. */
function coerced(name: string, value: unknown): string {
  if (typeof value === 'boolean' || value instanceof ObjectId) {
    throw new MongoFault(16007, `can't convert from BSON type ${typeName(value)} to String`);
  }
  return asText(value) ?? '';
}

function compareIgnoringCase([left, right]: unknown[]): number {
  const [a, b] = [coerced('$strcasecmp', left), coerced('$strcasecmp', right)];
  return Math.sign(Buffer.from(a.toUpperCase()).compare(Buffer.from(b.toUpperCase())));
}

function indexOfBytes([value, wanted, from = 0, to]: unknown[]): number | null {
  if (isNil(value)) return null;
  const bytes = Buffer.from(text('$indexOfBytes', value));
  const bounds = [from, to ?? bytes.length];
  if (!bounds.every((bound) => Number.isInteger(bound) && (bound as number) >= 0)) {
    throw badValue('$indexOfBytes requires whole, non-negative bounds');
  }
  const [start, end] = bounds as [number, number];
  if (start > bytes.length || end < start) return -1;
  const at = bytes.subarray(0, end).indexOf(text('$indexOfBytes', wanted), start);
  return at;
}

function expressionOf(regex: unknown, options: unknown): RegExp {
  const flags = isNil(options) ? '' : text('the options of a regular expression', options);
  if (/[^imsu]/.test(flags)) throw badValue(`invalid flag in regex options: ${flags}`);
  const source = regex instanceof RegExp ? regex.source : text('a regular expression', regex);
  const own = regex instanceof RegExp ? regex.flags.replace(/[gy]/g, '') : '';
  try {
    return new RegExp(source, [...new Set(`${own}${flags}g`)].join(''));
  } catch {
    throw new MongoFault(51111, `Invalid Regex: ${source}`);
  }
}

const codePoints = (value: string): number => Array.from(value).length;

/** The matches of `{input, regex, options}`, made as they are asked for; nothing is looked for at the end. */
function* search(name: string, spec: unknown): Generator<Document> {
  if (!isPlainObject(spec)) throw badValue(`${name} expects an object of named arguments`);
  if (isNil(spec.input) || isNil(spec.regex)) return;
  const input = text(name, spec.input);
  for (const match of input.matchAll(expressionOf(spec.regex, spec.options))) {
    yield {
      match: match[0],
      idx: codePoints(input.slice(0, match.index)),
      captures: match.slice(1).map((capture: string | undefined) => capture ?? null),
    };
    if (match.index + Math.max(match[0].length, 1) >= input.length) return;
  }
}

const searching =
  (name: string, compute: (found: Generator<Document>) => unknown): Evaluate =>
  (obj, expr, options) =>
    compute(search(name, evalExpr(obj, expr, options)));

const firstOf = (found: Generator<Document>): Document | null => {
  const step = found.next();
  return step.done === true ? null : step.value;
};

export const STRINGS: Readonly<Record<string, Evaluate>> = {
  $toString: single('$toString', asText),
  $toLower: single('$toLower', (value) => coerced('$toLower', value).toLowerCase()),
  $toUpper: single('$toUpper', (value) => coerced('$toUpper', value).toUpperCase()),
  $strLenCP: single('$strLenCP', (value) => codePoints(text('$strLenCP', value))),
  $strLenBytes: single('$strLenBytes', (value) => Buffer.byteLength(text('$strLenBytes', value))),
  $strcasecmp: several('$strcasecmp', 2, 2, compareIgnoringCase),
  $indexOfBytes: several('$indexOfBytes', 2, 4, indexOfBytes),
  $concat: several('$concat', 0, Infinity, (values) => {
    if (values.some(isNil)) return null;
    return values.map((value) => text('$concat', value)).join('');
  }),
  $regexFind: searching('$regexFind', firstOf),
  $regexFindAll: searching('$regexFindAll', (found) => [...found]),
  $regexMatch: searching('$regexMatch', (found) => firstOf(found) !== null),
  $getField: (obj, expr, options) => {
    const spec: unknown = expr;
    const named = isPlainObject(spec) && 'field' in spec;
    const field: unknown = evalExpr(obj, (named ? spec.field : spec) as never, options);
    const input: unknown =
      named && 'input' in spec ? evalExpr(obj, spec.input as never, options) : obj;
    if (isNil(input)) return input;
    const name = text('$getField', field);
    return isPlainObject(input) && Object.hasOwn(input, name)
      ? (input[name] as unknown)
      : undefined;
  },
};
