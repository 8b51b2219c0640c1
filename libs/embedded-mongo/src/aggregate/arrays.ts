import { evalExpr } from 'mingo/core';
import * as expressions from 'mingo/operators/expression';
import type { Document } from 'bson';
import { isPlainObject } from '../bson/codec.js';
import { encodeValue } from '../bson/key-encoding.js';
import { badValue, MongoFault } from '../errors.js';
import {
  asList,
  compareValues,
  operands,
  several,
  single,
  typeName,
  type Evaluate,
} from './arguments.js';
import { isNil, isTrue } from './truth.js';

const edge = (name: string, at: 0 | -1): Evaluate =>
  single(name, (value) =>
    isNil(value) ? null : asList(value, 28689, `${name}'s argument must be an array`).at(at),
  );

function arrayToObject(value: unknown): Document | null {
  if (isNil(value)) return null;
  const list = asList(value, 40386, '$arrayToObject requires an array input');
  return Object.fromEntries(
    list.map((item) => {
      const pair: unknown[] = Array.isArray(item)
        ? (item as unknown[])
        : isPlainObject(item)
          ? [item.k, item.v]
          : [];
      if (pair.length !== 2 || typeof pair[0] !== 'string') {
        throw badValue('$arrayToObject requires pairs of a string key and a value');
      }
      return [pair[0], pair[1]];
    }),
  );
}

function objectToArray(value: unknown): unknown {
  if (isNil(value)) return null;
  if (!isPlainObject(value)) {
    throw new MongoFault(
      40390,
      `$objectToArray requires a document input, found: ${typeName(value)}`,
    );
  }
  return Object.entries(value).map(([k, v]: [string, unknown]) => ({ k, v }));
}

const mergeObjects: Evaluate = (obj, expr, options) => {
  const merged: Document = {};
  for (const item of operands(obj, expr, options)) {
    if (isNil(item)) continue;
    if (!isPlainObject(item)) {
      throw new MongoFault(
        40400,
        `$mergeObjects requires object inputs, but input is of type ${typeName(item)}`,
      );
    }
    Object.assign(merged, item);
  }
  return merged;
};

function indexOfArray([list, wanted, from = 0, to]: unknown[]): number | null {
  if (isNil(list)) return null;
  const items = asList(list, 40090, '$indexOfArray requires an array as its first argument');
  const bounds = [from, to ?? items.length];
  if (!bounds.every((bound) => Number.isInteger(bound) && (bound as number) >= 0)) {
    throw badValue('$indexOfArray requires whole, non-negative bounds');
  }
  const [start, end] = bounds as [number, number];
  return items.findIndex(
    (item, at) => at >= start && at < end && compareValues(item, wanted) === 0,
  );
}

/** More numbers than this would not fit into the memory an operator may use. */
const MAX_RANGE = 5_000_000;

const range: Evaluate = (obj, expr, options) => {
  const values: unknown = evalExpr(obj, expr, options);
  const [start, end, step] = (Array.isArray(values) ? values : []) as (number | undefined)[];
  if (Math.abs(((end ?? 0) - (start ?? 0)) / (step ?? 1)) > MAX_RANGE) {
    throw new MongoFault(146, '$range would use too much memory');
  }
  const literal = (Array.isArray(values) ? values : [values]).map((value: unknown) => ({
    $literal: value,
  }));
  return (expressions.$range as Evaluate)(obj, literal as never, options);
};

const keyOf = (value: unknown): string => encodeValue(value).toString('latin1');

const NO_SET = new Map<string, unknown>();

const toSet = (list: unknown): Map<string, unknown> =>
  new Map((list as unknown[]).map((item) => [keyOf(item), item]));

/** An operator on sets; null when one of them is null, if it may be. */
const onSets = (
  name: string,
  most: number,
  nullable: boolean,
  compute: (sets: Map<string, unknown>[]) => unknown,
): Evaluate =>
  several(name, most === 2 ? 2 : 0, most, (lists) => {
    if (nullable && lists.some(isNil)) return null;
    for (const list of lists) asList(list, 17043, `All operands of ${name} must be arrays`);
    return compute(lists.map(toSet));
  });

const isSubset = (left: Map<string, unknown> | undefined, right: Map<string, unknown>): boolean =>
  [...(left?.keys() ?? [])].every((key) => right.has(key));

const everyElement = (name: string, test: (list: unknown[]) => boolean): Evaluate =>
  single(name, (value) => test(asList(value, 17040, `${name}'s argument must be an array`)));

export const ARRAYS: Readonly<Record<string, Evaluate>> = {
  $size: single(
    '$size',
    (value) => asList(value, 17124, 'The argument to $size must be an array').length,
  ),
  $first: edge('$first', 0),
  $last: edge('$last', -1),
  $isArray: single('$isArray', (value) => Array.isArray(value)),
  $reverseArray: single('$reverseArray', (value) =>
    isNil(value)
      ? null
      : [...asList(value, 34435, 'The argument to $reverseArray must be an array')].reverse(),
  ),
  $concatArrays: several('$concatArrays', 0, Infinity, (lists) =>
    lists.some(isNil)
      ? null
      : lists.flatMap((list) => asList(list, 28664, '$concatArrays only supports arrays')),
  ),
  $arrayToObject: single('$arrayToObject', arrayToObject),
  $objectToArray: single('$objectToArray', objectToArray),
  $mergeObjects: mergeObjects,
  $indexOfArray: several('$indexOfArray', 2, 4, indexOfArray),
  $range: range,
  $allElementsTrue: everyElement('$allElementsTrue', (list) => list.every(isTrue)),
  $anyElementTrue: everyElement('$anyElementTrue', (list) => list.some(isTrue)),
  $setUnion: onSets('$setUnion', Infinity, true, (sets) => [
    ...new Map(sets.flatMap((set) => [...set])).values(),
  ]),
  $setIntersection: onSets('$setIntersection', Infinity, true, ([first, ...rest]) =>
    [...(first ?? [])].filter(([key]) => rest.every((set) => set.has(key))).map(([, item]) => item),
  ),
  $setDifference: onSets('$setDifference', 2, true, ([first, second]) =>
    [...(first ?? [])].filter(([key]) => second?.has(key) !== true).map(([, item]) => item),
  ),
  $setEquals: onSets('$setEquals', Infinity, false, ([first = NO_SET, ...rest]) =>
    rest.every((set) => set.size === first.size && isSubset(set, first)),
  ),
  $setIsSubset: onSets('$setIsSubset', 2, false, ([first, second = NO_SET]) =>
    isSubset(first, second),
  ),
};
