import { Context, evalExpr } from 'mingo/core';
import * as expressions from 'mingo/operators/expression';
import { isPlainObject } from '../bson/codec.js';
import { badValue } from '../errors.js';
import { compareValues, several, type Evaluate } from './arguments.js';
import { ARITHMETIC } from './arithmetic.js';
import { ARRAYS } from './arrays.js';
import { CONDITIONS } from './conditions.js';
import { CONVERSIONS } from './conversions.js';
import { DATES } from './dates.js';
import { ROUNDING } from './rounding.js';
import { STRINGS } from './strings.js';
import { isNil } from './truth.js';

/* mingo's own comparisons know no BSON order: these replace them. */

const comparison = (name: string, decide: (order: number) => unknown): Evaluate =>
  several(name, 2, 2, ([left, right]) => decide(compareValues(left, right)));

function isMember([wanted, list]: unknown[]): boolean {
  if (!Array.isArray(list)) throw badValue('$in requires an array as a second argument');
  return list.some((item: unknown) => compareValues(item, wanted) === 0);
}

const COMPARISONS: Readonly<Record<string, Evaluate>> = {
  $eq: comparison('$eq', (order) => order === 0),
  $ne: comparison('$ne', (order) => order !== 0),
  $gt: comparison('$gt', (order) => order > 0),
  $gte: comparison('$gte', (order) => order >= 0),
  $lt: comparison('$lt', (order) => order < 0),
  $lte: comparison('$lte', (order) => order <= 0),
  $cmp: comparison('$cmp', Math.sign),
  $in: several('$in', 2, 2, isMember),
};

/** mingo takes nothing at all for an array when it looks for the shortest. */
const zip: Evaluate = (obj, expr, options) => {
  const spec: unknown = expr;
  if (isPlainObject(spec) && spec.useLongestLength !== true) {
    const inputs: unknown = evalExpr(obj, spec.inputs as never, options);
    const lists = Array.isArray(inputs) && inputs.every(Array.isArray) ? inputs : [];
    if (lists.some((list) => list.length === 0)) return [];
  }
  return (expressions.$zip as Evaluate)(obj, expr, options);
};

const slice: Evaluate = (obj, expr, options) => {
  const values: unknown = evalExpr(obj, expr, options);
  if (Array.isArray(values) && values.some(isNil)) return null;
  return (expressions.$slice as Evaluate)(obj, expr, options);
};

/** Expression operators taken from mingo as they are. */
const PLAIN = [
  '$arrayElemAt',
  '$filter',
  '$ifNull',
  '$let',
  '$literal',
  '$ltrim',
  '$map',
  '$reduce',
  '$replaceAll',
  '$replaceOne',
  '$rtrim',
  '$setField',
  '$split',
  '$substr',
  '$substrBytes',
  '$substrCP',
  '$trim',
  '$unsetField',
] as const;

const table: Readonly<Record<string, Evaluate>> = {
  ...Object.fromEntries(PLAIN.map((name) => [name, expressions[name] as Evaluate])),
  ...COMPARISONS,
  ...ARITHMETIC,
  ...ROUNDING,
  ...CONDITIONS,
  ...ARRAYS,
  ...STRINGS,
  ...DATES,
  ...CONVERSIONS,
  $slice: slice,
  $zip: zip,
};

export const isSupportedOperator = (name: string): boolean => Object.hasOwn(table, name);

export const expressionContext = Context.init({ expression: table as never });
