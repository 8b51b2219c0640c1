import { badValue, notImplemented } from '../bson/errors.js';
import { encodeRaw } from '../bson/key-encoding.js';
import { MISSING, type RawValue } from '../bson/raw.js';
import { arrayOf, documentOf } from '../bson/values.js';

/** Computes a value of a document, perhaps the missing one. */
export type Expression = (document: RawValue) => RawValue;

/** Expression operators; only in `$expr`. */
export const EXPRESSION_OPERATORS = ['$eq'] as const;

/** Compiles paths, constants, and documents of these. */
export function compileExpression(expression: RawValue): Expression {
  const { text } = expression;
  if (text?.startsWith('$') === true) return pathExpression(text.slice(1));
  if (expression.isArray) throw notImplemented('an array in an expression');
  if (!expression.isObject) return () => expression;
  const operator = expression.first()[0];
  if (operator?.startsWith('$') === true) {
    throw notImplemented(`the expression operator ${operator}`);
  }
  const fields = expression
    .entries()
    .map(([name, value]) => [name, compileExpression(value)] as const);
  return (document) => documentOf(fields.map(([name, compute]) => [name, compute(document)]));
}

/** The value at a path; arrays on the way become arrays of what lies beyond. */
export function pathExpression(path: string): Expression {
  if (path.startsWith('$')) throw notImplemented(`the variable $${path}`);
  const names = path.split('.');
  if (names.includes('')) throw badValue(`FieldPath field names may not be empty: '${path}'`);
  return (document) => resolve(document, names, 0);
}

function resolve(value: RawValue, names: readonly string[], at: number): RawValue {
  const name = names[at];
  if (name === undefined) return value;
  if (value.isArray) {
    const found = value
      .elements()
      .filter((item) => item.isObject || item.isArray)
      .map((item) => resolve(item, names, at));
    return arrayOf(found.filter(({ isMissing }) => !isMissing));
  }
  return value.isObject ? resolve(value.fields().at(name), names, at + 1) : MISSING;
}

/** What an `$eq` in `$expr` compares; nothing else is served there. */
export function operandsOfEquality(expression: RawValue): readonly [RawValue, RawValue] {
  const [operator, operands] = expression.first();
  const [one, other, third] = operands?.isArray === true ? operands.elements() : [];
  if (operator !== '$eq' || one === undefined || other === undefined || third !== undefined) {
    throw notImplemented('$expr of anything but {$eq: [one, other]}');
  }
  return [one, other];
}

export function compileEquality(expression: RawValue): (document: RawValue) => boolean {
  const [one, other] = operandsOfEquality(expression).map(compileExpression);
  return (document) =>
    encodeRaw(one?.(document) ?? MISSING).equals(encodeRaw(other?.(document) ?? MISSING));
}
