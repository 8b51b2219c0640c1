import { badValue, notImplemented } from '../bson/errors.js';
import type { RawValue } from '../bson/raw.js';
import { compileEquality } from './expression.js';
import { parsePath, visitElements, visitPath, type Visit } from './path.js';
import { equals, hasType, matches, oneOf, ordered } from './predicates.js';

/** Whether a document matches. */
export type Match = (document: RawValue) => boolean;

/** One condition that holds for every match. */
export interface Conjunct {
  readonly path: string;
  readonly operator: string;
  readonly operand: RawValue;
}

export interface Filter {
  readonly query: RawValue;
  readonly match: Match;
  /** What every match has to meet, as far as an index could tell; there may be more to it. */
  readonly conjuncts: readonly Conjunct[];
}

/** Compiles a query document into a test of raw documents. */
export function compileFilter(query: RawValue): Filter {
  const conjuncts: Conjunct[] = [];
  return { query, match: compileQuery(query, conjuncts), conjuncts };
}

function all(tests: readonly Match[]): Match {
  const [first, second] = tests;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  return (value) => tests.every((test) => test(value));
}

const not =
  (match: Match): Match =>
  (value) =>
    !match(value);

const compileQuery = (query: RawValue, conjuncts: Conjunct[]): Match =>
  all(
    query
      .entries()
      .map(([key, operand]) =>
        key.startsWith('$')
          ? compileLogical(key, operand, conjuncts)
          : compileField(key, operand, conjuncts),
      ),
  );

/** Operators that stand beside fields. */
export const LOGICAL_OPERATORS = ['$and', '$or', '$nor', '$expr'] as const;

function compileLogical(key: string, operand: RawValue, conjuncts: Conjunct[]): Match {
  switch (key) {
    case '$and':
      return all(clauses(key, operand).map((clause) => compileQuery(clause, conjuncts)));
    case '$or':
    case '$nor': {
      const tests = clauses(key, operand).map((clause) => compileQuery(clause, []));
      const wanted = key === '$or';
      return (value) => tests.some((test) => test(value)) === wanted;
    }
    case '$expr':
      return compileEquality(operand);
    default:
      throw notImplemented(`the query operator ${key}`);
  }
}

function clauses(key: string, operand: RawValue): RawValue[] {
  const list = operand.isArray ? operand.elements() : [];
  if (list.length === 0) throw badValue(`${key} argument must be a non-empty array`);
  if (!list.every((value) => value.isObject)) {
    throw badValue(`${key} argument's entries must be objects`);
  }
  return list;
}

function compileField(path: string, condition: RawValue, conjuncts: Conjunct[]): Match {
  if (condition.hasOperators) {
    const options = optionsOf(condition);
    const conditions = condition.entries().filter(([operator]) => operator !== '$options');
    for (const [operator, operand] of conditions) conjuncts.push({ path, operator, operand });
    return all(
      conditions.map(([operator, operand]) => compileCondition(path, operator, operand, options)),
    );
  }
  const operator = condition.isRegex ? '$regex' : '$eq';
  conjuncts.push({ path, operator, operand: condition });
  return compileCondition(path, operator, condition);
}

function optionsOf(condition: RawValue): string | undefined {
  const fields = condition.fields();
  const options = fields.get('$options');
  if (options === undefined) return undefined;
  if (options.text === undefined) throw badValue('$options has to be a string');
  if (!fields.has('$regex')) throw badValue('$options needs a $regex');
  return options.text;
}

type Test = (operand: RawValue, options: string | undefined) => Visit;

/** Tests of one value. They are met by what is at a path or, in an array there, by one of its elements. */
const TESTS: Readonly<Record<string, Test>> = {
  $eq: equals,
  $gt: (operand) => ordered('$gt', operand),
  $gte: (operand) => ordered('$gte', operand),
  $lt: (operand) => ordered('$lt', operand),
  $lte: (operand) => ordered('$lte', operand),
  $in: (operand) => oneOf('$in', operand),
  $type: hasType,
  $regex: matches,
};

/** Operators that hold where another one does not. */
const OPPOSITES: Readonly<Record<string, string>> = { $ne: '$eq', $nin: '$in' };

/** Operators of one field. `$options` stands beside `$regex`. */
export const FIELD_OPERATORS = [
  ...Object.keys(TESTS),
  ...Object.keys(OPPOSITES),
  '$exists',
  '$not',
  '$options',
];

function compileCondition(
  field: string,
  operator: string,
  operand: RawValue,
  options?: string,
): Match {
  if (operator === '$not') return not(compileNot(field, operand));
  const path = parsePath(field);
  if (operator === '$exists') {
    const wanted = operand.isTrue;
    return (value) => visitPath(value, path, ({ isMissing }) => !isMissing) === wanted;
  }
  const opposite = Object.hasOwn(OPPOSITES, operator) ? OPPOSITES[operator] : undefined;
  if (opposite !== undefined) {
    if (operand.isRegex) throw badValue(`Can't have regex as arg to ${operator}.`);
    return not(compileCondition(field, opposite, operand));
  }
  const test = Object.hasOwn(TESTS, operator) ? TESTS[operator] : undefined;
  if (test === undefined) throw notImplemented(`the query operator ${operator}`);
  const meets = test(operand, options);
  return (value) => visitPath(value, path, (found) => visitElements(found, meets));
}

function compileNot(path: string, operand: RawValue): Match {
  if (!operand.isRegex && !operand.hasOperators) {
    throw badValue('$not needs a regex or a document');
  }
  return compileField(path, operand, []);
}
