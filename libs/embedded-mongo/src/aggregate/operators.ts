import { Decimal128, Long, ObjectId } from 'bson';
import { Context, evalExpr } from 'mingo/core';
import * as expressions from 'mingo/operators/expression';
import { encodeValue } from '../bson/key-encoding.js';
import { badValue, notImplemented } from '../errors.js';

type Evaluate = (obj: never, expr: never, options: never) => unknown;
type Operators = Record<`$${string}`, Evaluate>;

/* mingo's own comparisons know no BSON order: these replace them. */

function compareValues(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number' && left === left && right === right) {
    return left < right ? -1 : left > right ? 1 : 0;
  }
  return encodeValue(left).compare(encodeValue(right));
}

function evaluatePair(obj: never, expr: never, options: never, name: string): [unknown, unknown] {
  const values: unknown = evalExpr(obj, expr, options);
  if (!Array.isArray(values) || values.length !== 2) {
    throw badValue(`Expression ${name} takes exactly 2 arguments`);
  }
  return [values[0] as unknown, values[1] as unknown];
}

const comparison =
  (name: string, decide: (order: number) => unknown): Evaluate =>
  (obj, expr, options) =>
    decide(compareValues(...evaluatePair(obj, expr, options, name)));

function isMember(obj: never, expr: never, options: never): boolean {
  const [wanted, list] = evaluatePair(obj, expr, options, '$in');
  if (!Array.isArray(list)) throw badValue('$in requires an array as a second argument');
  return list.some((item: unknown) => compareValues(item, wanted) === 0);
}

function extreme(name: string, sign: 1 | -1): Evaluate {
  return (obj, expr, options) => {
    const value: unknown = evalExpr(obj, expr, options);
    const list: unknown[] = Array.isArray(value) ? (value as unknown[]) : [value];
    let best: unknown = null;
    for (const item of list) {
      if (item === null || item === undefined) continue;
      if (best === null || compareValues(item, best) * sign > 0) best = item;
    }
    return best;
  };
}

const toText: Evaluate = (obj, expr, options) => {
  const value: unknown = evalExpr(obj, expr, options);
  if (value instanceof ObjectId) return value.toHexString();
  if (value instanceof Long || value instanceof Decimal128) return value.toString();
  return (expressions.$toString as Evaluate)(obj, { $literal: value } as never, options);
};

/** Arithmetic on plain numbers is exact up to 2^53; what is beyond is refused rather than rounded. */
function refuseWide(name: string, value: unknown): void {
  if (value instanceof Long || value instanceof Decimal128) {
    throw notImplemented(`${name} on Decimal128 or on 64-bit integers beyond 2^53`);
  }
}

function numbersIn(obj: never, expr: never, options: never, name: string): number[] {
  const value: unknown = evalExpr(obj, expr, options);
  const list: unknown[] = Array.isArray(value) ? (value as unknown[]) : [value];
  for (const item of list) refuseWide(name, item);
  return list.filter((item) => typeof item === 'number');
}

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);

function guarded(name: string, evaluate: Evaluate): Evaluate {
  const check = (value: unknown): void => {
    refuseWide(name, value);
  };
  return (obj, expr, options) => {
    const values: unknown = evalExpr(obj, expr, options);
    if (Array.isArray(values)) values.forEach(check);
    else check(values);
    const literal = Array.isArray(values)
      ? values.map((value: unknown) => ({ $literal: value === undefined ? null : value }))
      : { $literal: values === undefined ? null : values };
    return evaluate(obj, literal as never, options);
  };
}

const ARITHMETIC = [
  '$abs',
  '$add',
  '$ceil',
  '$divide',
  '$exp',
  '$floor',
  '$ln',
  '$log',
  '$log10',
  '$mod',
  '$multiply',
  '$pow',
  '$round',
  '$sqrt',
  '$subtract',
  '$trunc',
] as const;

/** Expression operators taken from mingo as they are. */
const PLAIN = [
  '$allElementsTrue',
  '$and',
  '$anyElementTrue',
  '$arrayElemAt',
  '$arrayToObject',
  '$concat',
  '$concatArrays',
  '$cond',
  '$dateAdd',
  '$dateDiff',
  '$dateFromParts',
  '$dateFromString',
  '$dateSubtract',
  '$dateToParts',
  '$dateToString',
  '$dateTrunc',
  '$dayOfMonth',
  '$dayOfWeek',
  '$dayOfYear',
  '$filter',
  '$first',
  '$getField',
  '$hour',
  '$ifNull',
  '$indexOfArray',
  '$indexOfBytes',
  '$isArray',
  '$isNumber',
  '$last',
  '$let',
  '$literal',
  '$ltrim',
  '$map',
  '$mergeObjects',
  '$millisecond',
  '$minute',
  '$month',
  '$not',
  '$objectToArray',
  '$or',
  '$range',
  '$reduce',
  '$regexFind',
  '$regexFindAll',
  '$regexMatch',
  '$replaceAll',
  '$replaceOne',
  '$reverseArray',
  '$rtrim',
  '$second',
  '$setDifference',
  '$setEquals',
  '$setField',
  '$setIntersection',
  '$setIsSubset',
  '$setUnion',
  '$size',
  '$slice',
  '$split',
  '$strLenBytes',
  '$strLenCP',
  '$strcasecmp',
  '$substr',
  '$substrBytes',
  '$substrCP',
  '$switch',
  '$toBool',
  '$toDate',
  '$toDouble',
  '$toInt',
  '$toLong',
  '$toLower',
  '$toUpper',
  '$trim',
  '$unsetField',
  '$year',
  '$zip',
] as const;

function supported(): Operators {
  const table: Operators = {
    $eq: comparison('$eq', (order) => order === 0),
    $ne: comparison('$ne', (order) => order !== 0),
    $gt: comparison('$gt', (order) => order > 0),
    $gte: comparison('$gte', (order) => order >= 0),
    $lt: comparison('$lt', (order) => order < 0),
    $lte: comparison('$lte', (order) => order <= 0),
    $cmp: comparison('$cmp', Math.sign),
    $in: isMember,
    $max: extreme('$max', 1),
    $min: extreme('$min', -1),
    $toString: toText,
    $sum: (obj, expr, options) => sum(numbersIn(obj, expr, options, '$sum')),
    $avg: (obj, expr, options) => {
      const numbers = numbersIn(obj, expr, options, '$avg');
      return numbers.length === 0 ? null : sum(numbers) / numbers.length;
    },
  };
  for (const name of PLAIN) table[name] = expressions[name];
  for (const name of ARITHMETIC) table[name] = guarded(name, expressions[name]);
  return table;
}

const table = supported();

export const isSupportedOperator = (name: string): boolean => Object.hasOwn(table, name);

export const expressionContext = Context.init({ expression: table as never });
