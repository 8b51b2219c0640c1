import { compileEquality, type Variables } from '../aggregate/expression.js';
import { BsonType, ElementReader, RawValue } from '../bson/raw.js';

import { badValue, notImplemented } from '../errors.js';
import { HERE, parsePath, visitElements, visitPath, type Path, type Visit } from './path.js';
import { equals, hasSize, hasType, matches, oneOf, ordered } from './predicates.js';

/** Whether a document, or a value in one, matches. */
export type Match = (value: RawValue) => boolean;

/** One condition that holds for every match, as the planner reads it. */
export interface Conjunct {
  readonly path: string;
  readonly operator: string;
  readonly operand: RawValue;
}

export interface Filter {
  readonly match: Match;
  readonly conjuncts: readonly Conjunct[];
  /** True when the conjuncts say all that the filter says. */
  readonly complete: boolean;
}

interface Compilation {
  readonly conjuncts: Conjunct[];
  readonly variables: Variables;
  /** Of an element of an array rather than of a document. */
  readonly inElement: boolean;
  complete: boolean;
}

const NO_VARIABLES: Variables = new Map();

/** Compiles a query document into a test on raw documents. */
export function compileFilter(query: RawValue, variables: Variables = NO_VARIABLES): Filter {
  const compilation = { conjuncts: [], variables, inElement: false, complete: true };
  const match = compileQuery(query, compilation);
  return { match, conjuncts: compilation.conjuncts, complete: compilation.complete };
}

function all(tests: readonly Match[]): Match {
  const [first, second] = tests;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  return (value) => tests.every((test) => test(value));
}

function compileQuery(query: RawValue, compilation: Compilation): Match {
  const tests = query
    .entries()
    .map(([key, operand]) =>
      key.startsWith('$')
        ? compileLogical(key, operand, compilation)
        : compileField(key, operand, compilation),
    );
  return all(tests);
}

function clauses(key: string, operand: RawValue): RawValue[] {
  const list = operand.isArray ? operand.elements() : [];
  if (list.length === 0) throw badValue(`${key} argument must be a non-empty array`);
  if (!list.every((value) => value.isObject))
    throw badValue(`${key} argument's entries must be objects`);
  return list;
}

/** Operators that stand beside fields. */
export const LOGICAL_OPERATORS = ['$and', '$or', '$nor', '$expr'] as const;

function compileLogical(key: string, operand: RawValue, outer: Compilation): Match {
  switch (key) {
    case '$and':
      return all(clauses(key, operand).map((clause) => compileQuery(clause, outer)));
    case '$or':
    case '$nor': {
      outer.complete = false;
      const inner = { ...outer, conjuncts: [] };
      const tests = clauses(key, operand).map((clause) => compileQuery(clause, inner));
      const wanted = key === '$or';
      return (value) => tests.some((test) => test(value)) === wanted;
    }
    case '$expr':
      if (outer.inElement) throw badValue('$expr can only be applied to the top-level document');
      outer.complete = false;
      return compileEquality(operand, outer.variables);
    default:
      throw notImplemented(`the query operator ${key}`);
  }
}

/** A reference to another document, which is a value although its fields have such names. */
const isReference = (value: RawValue): boolean => /^\$(ref|id)$/.test(value.first()[0] ?? '');

function compileField(field: string, condition: RawValue, compilation: Compilation): Match {
  const path = parsePath(field);
  if (!condition.hasOperators || isReference(condition)) {
    const operator = condition.isRegex ? '$regex' : '$eq';
    compilation.conjuncts.push({ path: field, operator, operand: condition });
    return compileCondition(path, operator, condition, undefined, compilation);
  }
  const options = optionsOf(condition);
  return all(
    condition.entries().flatMap(([operator, operand]) => {
      if (operator === '$options') return [];
      // Bounds are made of one operand; a pattern with its options beside it is none of theirs.
      if (operator === '$regex' && options !== undefined) compilation.complete = false;
      else compilation.conjuncts.push({ path: field, operator, operand });
      return compileCondition(path, operator, operand, options, compilation);
    }),
  );
}

function optionsOf(condition: RawValue): string | undefined {
  const entries = condition.entries();
  const options = entries.find(([name]) => name === '$options')?.[1];
  if (options === undefined) return undefined;
  const text = options.text;
  if (text === undefined) throw badValue('$options has to be a string');
  if (!entries.some(([name]) => name === '$regex')) throw badValue('$options needs a $regex');
  return text;
}

/** A test of the values at a path, and of the elements of arrays there; of an element, itself only. */
function each(path: Path, test: Visit): Match {
  if (path === HERE) return test;
  return (value) => visitPath(value, path, (found) => visitElements(found, test));
}

const not =
  (match: Match): Match =>
  (value) =>
    !match(value);

type Build = (
  path: Path,
  operand: RawValue,
  compilation: Compilation,
  options: string | undefined,
) => Match;

const order =
  (operator: string): Build =>
  (path, operand) =>
    each(path, ordered(operator, operand));

const whole =
  (test: (operand: RawValue, compilation: Compilation) => Visit): Build =>
  (path, operand, compilation) => {
    const visit = test(operand, compilation);
    return (value) => visitPath(value, path, visit);
  };

/** Operators of one field. */
const OPERATORS: Readonly<Record<string, Build>> = {
  $eq: (path, operand) => each(path, equals(operand)),
  $ne: (path, operand) => {
    if (operand.isRegex) throw badValue("Can't have regex as arg to $ne.");
    return not(each(path, equals(operand)));
  },
  $gt: order('$gt'),
  $gte: order('$gte'),
  $lt: order('$lt'),
  $lte: order('$lte'),
  $in: (path, operand) => each(path, oneOf('$in', operand)),
  $nin: (path, operand) => not(each(path, oneOf('$nin', operand))),
  $exists: (path, operand) => {
    const wanted = operand.isTrue;
    return (value) => visitPath(value, path, ({ isMissing }) => !isMissing) === wanted;
  },
  $type: (path, operand) => each(path, hasType(operand)),
  $regex: (path, operand, _, options) => each(path, matches(operand, options)),
  $size: whole(hasSize),
  $all: (path, operand, compilation) => compileAll(path, operand, compilation),
  $elemMatch: whole((operand, compilation) => elementMatches(operand, compilation)),
  $not: (path, operand, compilation) => compileNot(path, operand, compilation),
};

/** `$options` stands beside `$regex`. */
export const FIELD_OPERATORS = [...Object.keys(OPERATORS), '$options'];

function compileCondition(
  path: Path,
  operator: string,
  operand: RawValue,
  options: string | undefined,
  compilation: Compilation,
): Match {
  const build = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (build === undefined) throw notImplemented(`the query operator ${operator}`);
  return build(path, operand, compilation, options);
}

/** All conditions of an operator document, on the values at a path. */
function compileConditions(path: Path, operators: RawValue, compilation: Compilation): Match {
  const options = optionsOf(operators);
  return all(
    operators
      .entries()
      .filter(([operator]) => operator !== '$options')
      .map(([operator, operand]) =>
        compileCondition(path, operator, operand, options, compilation),
      ),
  );
}

function compileNot(path: Path, operand: RawValue, compilation: Compilation): Match {
  if (operand.isRegex) return not(each(path, matches(operand)));
  if (!operand.hasOperators) throw badValue('$not needs a regex or a document');
  return not(compileConditions(path, operand, compilation));
}

/** Each item somewhere at the path: they need not meet in one array. */
function compileAll(path: Path, operand: RawValue, compilation: Compilation): Match {
  if (!operand.isArray) throw badValue('$all needs an array');
  const items = operand.elements();
  if (items.length === 0) return () => false;
  return all(
    items.map((item) => {
      if (item.hasOperators) {
        const [operator, inner] = item.first();
        if (operator !== '$elemMatch' || inner === undefined)
          throw badValue('no $ expressions in $all');
        return compileCondition(path, operator, inner, undefined, compilation);
      }
      return each(path, item.isRegex ? matches(item) : equals(item));
    }),
  );
}

function elementMatches(operand: RawValue, { variables }: Compilation): Visit {
  if (!operand.isObject) throw badValue('$elemMatch needs an Object');
  const first = operand.first()[0] ?? '';
  const ofValues = first.startsWith('$') && !LOGICAL_OPERATORS.some((name) => name === first);
  const inner = { conjuncts: [], variables, inElement: true, complete: true };
  const test = ofValues ? compileConditions(HERE, operand, inner) : compileQuery(operand, inner);
  return (value) => {
    if (value.type !== BsonType.array) return false;
    const reader = new ElementReader(value.buf, value.start);
    while (reader.next()) {
      const element = reader.value();
      if (
        ofValues || element.isObject ? test(element) : element.isArray && test(asObject(element))
      ) {
        return true;
      }
    }
    return false;
  };
}

/** An array in an array is searched by the numbers of its elements. */
const asObject = ({ buf, start, end }: RawValue): RawValue =>
  new RawValue(buf, BsonType.object, start, end);
