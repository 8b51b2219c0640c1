import { evalExpr } from 'mingo/core';
import { isPlainObject } from '../bson/codec.js';
import { badValue, MongoFault } from '../errors.js';
import { single, written, type Evaluate } from './arguments.js';
import { isTrue } from './truth.js';

const COND_PARTS = [
  ['if', 17080],
  ['then', 17081],
  ['else', 17082],
] as const;

function condParts(expr: unknown): unknown[] {
  if (isPlainObject(expr)) {
    return COND_PARTS.map(([name, code]) => {
      if (name in expr) return expr[name] as unknown;
      throw new MongoFault(code, `Missing '${name}' parameter to $cond`);
    });
  }
  const list = written(expr);
  if (list.length === 3) return list;
  const given = `${list.length} were passed in.`;
  throw new MongoFault(16020, `Expression $cond takes exactly 3 arguments. ${given}`);
}

const cond: Evaluate = (obj, expr, options) => {
  const [test, then, otherwise] = condParts(expr) as never[];
  const chosen = isTrue(evalExpr(obj, test, options)) ? then : otherwise;
  return evalExpr(obj, chosen, options);
};

const branch: Evaluate = (obj, expr, options) => {
  const spec: unknown = expr;
  if (!isPlainObject(spec) || !Array.isArray(spec.branches)) {
    throw badValue("$switch requires at least one branch and an array for 'branches'");
  }
  for (const one of spec.branches as unknown[]) {
    if (!isPlainObject(one) || !('case' in one) || !('then' in one)) {
      throw badValue("$switch requires each branch have a 'case' and a 'then' expression");
    }
    if (isTrue(evalExpr(obj, one.case as never, options))) {
      return evalExpr(obj, one.then as never, options);
    }
  }
  if (!('default' in spec)) {
    throw new MongoFault(
      40066,
      '$switch could not find a matching branch for an input, and no default was specified.',
    );
  }
  return evalExpr(obj, spec.default as never, options);
};

export const CONDITIONS = {
  $and: (obj: never, expr: never, options: never) =>
    written(expr).every((item) => isTrue(evalExpr(obj, item as never, options))),
  $or: (obj: never, expr: never, options: never) =>
    written(expr).some((item) => isTrue(evalExpr(obj, item, options))),
  $not: single('$not', (value) => !isTrue(value)),
  $cond: cond,
  $switch: branch,
} as const;
