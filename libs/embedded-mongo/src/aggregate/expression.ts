import type { Document } from 'bson';
import { evalExpr } from 'mingo/core';
import { box, decodeValue, isPlainObject, unbox } from '../bson/codec.js';
import { BsonType, findField } from '../bson/raw.js';
import { badValue, isMongoFault, MongoFault } from '../errors.js';
import { Doc } from './doc.js';
import { expressionContext, isSupportedOperator } from './operators.js';

/** Computes a value of a document with its BSON type kept; `undefined` is a missing value. */
export type Expression = (doc: Doc) => unknown;

export type Variables = Readonly<Record<string, unknown>>;

const SYSTEM_VARIABLES = new Set(['ROOT', 'CURRENT', 'NOW', 'REMOVE', 'this', 'value']);

/**
 * Compiles an aggregation expression. Paths, constants and documents of these are resolved on raw BSON
 * and keep their types; operators are mingo's, on plain values. Unknown operators are refused here.
 */
export function compileExpression(expression: unknown, variables: Variables = {}): Expression {
  if (typeof expression === 'string' && expression.startsWith('$')) {
    return compileReference(expression, variables);
  }
  if (Array.isArray(expression)) {
    const items = expression.map((item: unknown) => compileExpression(item, variables));
    return (doc) => items.map((item) => item(doc) ?? null);
  }
  if (!isPlainObject(expression)) return () => expression;
  const operator = Object.keys(expression)[0];
  if (operator?.startsWith('$') === true) return compileOperator(operator, expression, variables);
  return compileObject(expression, variables);
}

function compileObject(expression: Document, variables: Variables): Expression {
  const fields = Object.entries(expression).map(
    ([name, value]) => [name, compileExpression(value, variables)] as const,
  );
  return (doc) => {
    const result: Document = {};
    for (const [name, compute] of fields) {
      const value = compute(doc);
      if (value !== undefined) result[name] = value;
    }
    return result;
  };
}

function compileReference(reference: string, variables: Variables): Expression {
  if (!reference.startsWith('$$')) return compilePath(reference.slice(1));
  const [name = '', ...rest] = reference.slice(2).split('.');
  const path = rest.join('.');
  if (name === 'ROOT' || name === 'CURRENT') {
    return path === '' ? (doc) => doc.boxed : compilePath(path);
  }
  if (name === 'REMOVE') return () => undefined;
  if (name === 'NOW') {
    const now = new Date();
    return () => now;
  }
  if (!Object.hasOwn(variables, name))
    throw new MongoFault(17276, `Use of undefined variable: ${name}`);
  const value = variables[name];
  return path === '' ? () => value : () => resolvePath(value, rest);
}

function compilePath(path: string): Expression {
  const names = path.split('.');
  if (names.some((name) => name === ''))
    throw badValue(`FieldPath field names may not be empty: '${path}'`);
  const first = Buffer.from(names[0] ?? '');
  const rest = names.slice(1);
  return (doc) => {
    const found = findField(doc.raw, 0, first);
    if (found === undefined) return undefined;
    if (rest.length > 0 && found.type !== BsonType.object && found.type !== BsonType.array) {
      return undefined;
    }
    return resolvePath(decodeValue(found), rest);
  };
}

/** The value at a path in a decoded value; arrays on the way become arrays of what lies beyond. */
export function resolvePath(value: unknown, names: readonly string[]): unknown {
  const [name, ...rest] = names;
  if (name === undefined) return value;
  if (Array.isArray(value)) {
    return value
      .map((item: unknown) =>
        isPlainObject(item) || Array.isArray(item) ? resolvePath(item, names) : undefined,
      )
      .filter((item) => item !== undefined);
  }
  if (!isPlainObject(value) || !Object.hasOwn(value, name)) return undefined;
  return resolvePath(value[name], rest);
}

function compileOperator(operator: string, expression: Document, variables: Variables): Expression {
  if (operator === '$literal') {
    const literal: unknown = expression.$literal;
    return () => literal;
  }
  const locals = new Set([...Object.keys(variables), ...SYSTEM_VARIABLES]);
  checkOperators(expression, locals);
  const plain = unbox(expression);
  const plainVariables = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, unbox(value)]),
  );
  const options = { context: expressionContext, variables: plainVariables, scriptEnabled: false };
  return (doc) => {
    try {
      return box(evalExpr(doc.plain, plain, options as never));
    } catch (error) {
      // What mingo trips over is an argument that its operator does not take.
      throw isMongoFault(error) ? error : badValue(`${operator}: ${(error as Error).message}`);
    }
  };
}

const ARGUMENT_OBJECTS = new Set(['$literal']);

/** Refuses operators and variables that are not known before any document is touched. */
function checkOperators(expression: unknown, locals: ReadonlySet<string>): void {
  if (typeof expression === 'string') {
    const name = /^\$\$([^.]+)/.exec(expression)?.[1];
    if (name !== undefined && !locals.has(name)) {
      throw new MongoFault(17276, `Use of undefined variable: ${name}`);
    }
  } else if (Array.isArray(expression)) {
    for (const item of expression) checkOperators(item, locals);
  } else if (isPlainObject(expression)) checkObject(expression, locals);
}

function checkObject(expression: Document, locals: ReadonlySet<string>): void {
  const names = Object.keys(expression);
  const operator = names.find((name) => name.startsWith('$'));
  if (operator === undefined) {
    for (const value of Object.values(expression)) checkOperators(value, locals);
    return;
  }
  if (names.length > 1) {
    throw new MongoFault(15983, 'An object representing an expression must have exactly one field');
  }
  if (!isSupportedOperator(operator)) {
    throw new MongoFault(168, `Unrecognized expression '${operator}'`);
  }
  if (ARGUMENT_OBJECTS.has(operator)) return;
  const argument: unknown = expression[operator];
  checkOperators(argument, withDeclared(operator, argument, locals));
}

/** $let, $map and $filter bring variables of their own. */
function withDeclared(
  operator: string,
  argument: unknown,
  locals: ReadonlySet<string>,
): ReadonlySet<string> {
  if (!isPlainObject(argument)) return locals;
  if (operator === '$let' && isPlainObject(argument.vars)) {
    return new Set([...locals, ...Object.keys(argument.vars)]);
  }
  const alias: unknown = argument.as;
  return typeof alias === 'string' ? new Set([...locals, alias]) : locals;
}
