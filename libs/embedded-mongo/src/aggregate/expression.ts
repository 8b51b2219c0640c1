import { encodeRaw } from '../bson/key-encoding.js';
import { MISSING, type RawValue } from '../bson/raw.js';
import { arrayOf, documentOf, NULL } from '../bson/values.js';
import { badValue, MongoFault, notImplemented } from '../errors.js';

/** Computes a value of a document; type 0 is a missing one. */
export type Expression = (document: RawValue) => RawValue;

export type Variables = ReadonlyMap<string, RawValue>;

/** Expression operators; only in `$expr`. */
export const EXPRESSION_OPERATORS = ['$eq'] as const;

/** Compiles paths, variables, constants, and documents and arrays of these. */
export function compileExpression(expression: RawValue, variables: Variables): Expression {
  const text = expression.text;
  if (text?.startsWith('$') === true) return compileReference(text, variables);
  if (expression.isArray) {
    const items = expression.elements().map((item) => compileExpression(item, variables));
    return (document) =>
      arrayOf(
        items.map((item) => item(document)).map((value) => (value.type === 0 ? NULL : value)),
      );
  }
  if (!expression.isObject) return () => expression;
  const operator = expression.first()[0];
  if (operator?.startsWith('$') === true)
    throw notImplemented(`the expression operator ${operator}`);
  const fields = expression
    .entries()
    .map(([name, value]) => [name, compileExpression(value, variables)] as const);
  return (document) => documentOf(fields.map(([name, compute]) => [name, compute(document)]));
}

function compileReference(reference: string, variables: Variables): Expression {
  if (!reference.startsWith('$$')) return pathExpression(reference.slice(1).split('.'));
  const [name = '', ...rest] = reference.slice(2).split('.');
  if (name === 'ROOT' || name === 'CURRENT') return pathExpression(rest);
  if (name === 'NOW' || name === 'REMOVE') throw notImplemented(`the variable $$${name}`);
  const value = variables.get(name);
  if (value === undefined) throw new MongoFault(17276, `Use of undefined variable: ${name}`);
  return () => resolve(value, rest, 0);
}

function pathExpression(names: readonly string[]): Expression {
  if (names.includes(''))
    throw badValue(`FieldPath field names may not be empty: '${names.join('.')}'`);
  return (document) => resolve(document, names, 0);
}

/** The value at a path; arrays on the way become arrays of what lies beyond. */
function resolve(value: RawValue, names: readonly string[], at: number): RawValue {
  const name = names[at];
  if (name === undefined) return value;
  if (value.isArray) {
    const found = value
      .elements()
      .filter((item) => item.isObject || item.isArray)
      .map((item) => resolve(item, names, at));
    return arrayOf(found.filter(({ type }) => type !== 0));
  }
  if (!value.isObject) return MISSING;
  const field = findNamed(value, name);
  return field === undefined ? MISSING : resolve(field, names, at + 1);
}

function findNamed(document: RawValue, name: string): RawValue | undefined {
  return document.entries().find(([own]) => own === name)?.[1];
}

/** What an `$eq` in `$expr` compares, when it has the form a look-up can serve. */
export function operandsOfEquality(
  expression: RawValue,
): readonly [RawValue, RawValue] | undefined {
  const [operator, argument] = expression.first();
  if (operator !== '$eq' || argument === undefined || !argument.isArray) return undefined;
  const [left, right, third] = argument.elements();
  if (left === undefined || right === undefined || third !== undefined) return undefined;
  return [left, right];
}

/** `$expr: {$eq: [one, other]}`, the only condition between fields. */
export function compileEquality(
  expression: RawValue,
  variables: Variables,
): (document: RawValue) => boolean {
  const operands = operandsOfEquality(expression);
  if (operands === undefined) throw notImplemented('$expr of anything but {$eq: [one, other]}');
  const [left, right] = operands.map((operand) => compileExpression(operand, variables));
  return (document) => {
    const one = encodeRaw(left?.(document) ?? MISSING);
    return one.equals(encodeRaw(right?.(document) ?? MISSING));
  };
}
