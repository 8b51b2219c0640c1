import { Decimal128, Double, Int32, Long, ObjectId } from 'bson';
import { evalExpr } from 'mingo/core';
import { encodeValue } from '../bson/key-encoding.js';
import { badValue, MongoFault, notImplemented, type FaultCode } from '../errors.js';

/** How mingo calls an operator: the document, the operator's argument as written, mingo's options. */
export type Evaluate = (obj: never, expr: never, options: never) => unknown;

/** The one argument of an operator that takes one: as it is, or in an array of its own. */
export function only(name: string, expr: unknown): unknown {
  if (!Array.isArray(expr)) return expr;
  if (expr.length !== 1) throw arity(name, '1', expr.length);
  return expr[0] as unknown;
}

const arity = (name: string, wanted: string, given: number): MongoFault =>
  new MongoFault(
    16020,
    `Expression ${name} takes exactly ${wanted} arguments. ${given} were passed in.`,
  );

/** An operator on the value of its one argument. */
export const single =
  (name: string, compute: (value: unknown) => unknown): Evaluate =>
  (obj, expr, options) =>
    compute(evalExpr(obj, only(name, expr), options));

/** The arguments as written: one that stands alone is a list of one. */
export const written = (expr: unknown): unknown[] =>
  Array.isArray(expr) ? (expr as unknown[]) : [expr];

/** An operator on the values of so many arguments. */
export const several =
  (name: string, least: number, most: number, compute: (values: unknown[]) => unknown): Evaluate =>
  (obj, expr, options) => {
    const list = written(expr);
    if (list.length < least || list.length > most) {
      throw arity(name, least === most ? String(least) : `${least} to ${most}`, list.length);
    }
    return compute(evalExpr(obj, list, options) as unknown[]);
  };

/** What an accumulator goes through as an expression: a single argument that is an array is gone into. */
export function operands(obj: never, expr: never, options: never): unknown[] {
  const values = evalExpr(obj, written(expr), options) as unknown[];
  const [first] = values;
  return values.length === 1 && Array.isArray(first) ? (first as unknown[]) : values;
}

/** Orders as BSON does. */
export function compareValues(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number' && left === left && right === right) {
    return left < right ? -1 : left > right ? 1 : 0;
  }
  return encodeValue(left).compare(encodeValue(right));
}

export function asList(value: unknown, code: FaultCode, message: string): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw new MongoFault(code, `${message}, but was of type: ${typeName(value)}`);
}

/** Arithmetic on plain numbers is exact up to 2^53; what is beyond is refused rather than rounded. */
export function refuseWide(name: string, value: unknown): void {
  if (value instanceof Long || value instanceof Decimal128) {
    throw notImplemented(`${name} on Decimal128 or on 64-bit integers beyond 2^53`);
  }
}

export function numeric(name: string, value: unknown): number {
  refuseWide(name, value);
  if (typeof value === 'number') return value;
  throw new MongoFault(28765, `${name} only supports numeric types, not ${typeName(value)}`);
}

export function text(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw badValue(`${name} requires a string argument, found: ${typeName(value)}`);
}

/** The server's name for the type of a plain value. */
export function typeName(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (value instanceof Date) return 'date';
  if (value instanceof ObjectId) return 'objectId';
  if (value instanceof RegExp) return 'regex';
  if (value instanceof Long) return 'long';
  if (value instanceof Decimal128) return 'decimal';
  if (value instanceof Double || value instanceof Int32) return 'number';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'number' ? 'double' : typeof value;
}
