import { BSONRegExp, type Document } from 'bson';
import { compileExpression } from '../aggregate/expression.js';
import { isTrue } from '../aggregate/truth.js';
import { Doc } from '../aggregate/doc.js';
import { isPlainObject } from '../bson/codec.js';
import { BsonType, ElementReader, type RawValue } from '../bson/raw.js';
import { badValue, notImplemented } from '../errors.js';
import { parsePath, visitElements, visitPath } from './path.js';
import {
  equals,
  exists,
  hasSize,
  hasType,
  matches,
  modulo,
  oneOf,
  ordered,
  type Predicate,
  type ValueTest,
} from './predicates.js';

/** Whether the BSON document at `start` of `buf` matches. */
export type Match = (buf: Buffer, start: number) => boolean;

/** One condition that holds for every match, as the planner reads it. */
export interface Conjunct {
  readonly path: string;
  readonly operator: string;
  readonly operand: unknown;
}

export interface Filter {
  readonly match: Match;
  readonly conjuncts: readonly Conjunct[];
  /** True when the conjuncts say all that the filter says. */
  readonly complete: boolean;
}

export type Variables = Readonly<Record<string, unknown>>;

interface Compilation {
  readonly conjuncts: Conjunct[];
  readonly variables: Variables;
  complete: boolean;
}

/** Compiles a query document (boxed BSON values) into a test on raw documents. */
export function compileFilter(query: Document, variables: Variables = {}): Filter {
  const compilation: Compilation = { conjuncts: [], variables, complete: true };
  const match = compileQuery(query, compilation);
  return { match, conjuncts: compilation.conjuncts, complete: compilation.complete };
}

function all(tests: readonly Match[]): Match {
  const [first, second] = tests;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  return (buf, start) => tests.every((test) => test(buf, start));
}

function compileQuery(query: Document, compilation: Compilation): Match {
  const tests: Match[] = [];
  for (const [key, operand] of Object.entries(query) as [string, unknown][]) {
    if (key.startsWith('$')) {
      const test = compileLogical(key, operand, compilation);
      if (test !== undefined) tests.push(test);
    } else tests.push(...compileField(key, operand, compilation));
  }
  return all(tests);
}

function clauses(key: string, operand: unknown): Document[] {
  if (!Array.isArray(operand) || operand.length === 0) {
    throw badValue(`${key} argument must be a non-empty array`);
  }
  for (const clause of operand as unknown[]) {
    if (!isPlainObject(clause)) throw badValue(`${key} argument's entries must be objects`);
  }
  return operand as Document[];
}

function compileLogical(key: string, operand: unknown, outer: Compilation): Match | undefined {
  switch (key) {
    case '$and':
      return all(clauses(key, operand).map((clause) => compileQuery(clause, outer)));
    case '$or':
    case '$nor': {
      outer.complete = false;
      const inner = { conjuncts: [], variables: outer.variables, complete: true };
      const tests = clauses(key, operand).map((clause) => compileQuery(clause, inner));
      const wanted = key === '$or';
      return (buf, start) => tests.some((test) => test(buf, start)) === wanted;
    }
    case '$expr': {
      outer.complete = false;
      const expression = compileExpression(operand, outer.variables);
      return (buf, start) => {
        const end = start + buf.readInt32LE(start);
        return isTrue(expression(Doc.ofRaw(buf.subarray(start, end))));
      };
    }
    case '$comment':
      return undefined;
    case '$where':
    case '$text':
    case '$jsonSchema':
      throw notImplemented(key);
    default:
      throw badValue(`unknown top level operator: ${key}`);
  }
}

const isOperatorObject = (value: unknown): value is Document =>
  isPlainObject(value) && Object.keys(value)[0]?.startsWith('$') === true;

function compileField(field: string, condition: unknown, compilation: Compilation): Match[] {
  if (!isOperatorObject(condition)) {
    const operator = condition instanceof BSONRegExp ? '$regex' : '$eq';
    compilation.conjuncts.push({ path: field, operator, operand: condition });
    return [bind(field, compilePredicate(operator, condition, {}, compilation))];
  }
  if ('$ref' in condition || '$id' in condition) {
    compilation.conjuncts.push({ path: field, operator: '$eq', operand: condition });
    return [bind(field, compilePredicate('$eq', condition, {}, compilation))];
  }
  return Object.entries(condition).flatMap(([operator, operand]: [string, unknown]) => {
    if (operator === '$options' || operator === '$comment') return [];
    // Bounds are made of one operand; a pattern with its options beside it is none of theirs.
    if (operator === '$regex' && '$options' in condition) compilation.complete = false;
    else compilation.conjuncts.push({ path: field, operator, operand });
    return [bind(field, compilePredicate(operator, operand, condition, compilation))];
  });
}

function bind(field: string, { test, whole, negated }: Predicate): Match {
  const path = parsePath(field);
  const visit = whole ? test : (value: RawValue) => visitElements(value, test);
  if (negated) return (buf, start) => !visitPath(buf, start, path, visit);
  return (buf, start) => visitPath(buf, start, path, visit);
}

const each = (test: ValueTest): Predicate => ({ test, whole: false, negated: false });
const whole = (test: ValueTest): Predicate => ({ test, whole: true, negated: false });
const negate = (predicate: Predicate): Predicate => ({
  ...predicate,
  negated: !predicate.negated,
});

function compilePredicate(
  operator: string,
  operand: unknown,
  condition: Document,
  compilation: Compilation,
): Predicate {
  switch (operator) {
    case '$eq':
      return each(equals(operand));
    case '$ne':
      if (operand instanceof BSONRegExp) throw badValue("Can't have regex as arg to $ne.");
      return negate(each(equals(operand)));
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return each(ordered(operator, operand));
    case '$in':
      return each(oneOf(operand));
    case '$nin':
      return negate(each(oneOf(operand)));
    case '$exists':
      return exists(operand);
    case '$type':
      return each(hasType(operand));
    case '$regex':
      return each(matches(operand, regexOptions(condition)));
    case '$mod':
      return each(modulo(operand));
    case '$size':
      return whole(hasSize(operand));
    case '$all':
      return compileAll(operand, compilation);
    case '$elemMatch':
      return whole(elementMatches(operand, compilation));
    case '$not':
      return compileNot(operand, compilation);
    default:
      return refuseOperator(operator);
  }
}

function refuseOperator(operator: string): never {
  if (/^\$(geo|near|box|bits|center|polygon|maxDistance|minDistance)/.test(operator)) {
    throw notImplemented(operator);
  }
  throw badValue(`unknown operator: ${operator}`);
}

function regexOptions(condition: Document): string | undefined {
  const options: unknown = condition.$options;
  if (options === undefined) return undefined;
  if (typeof options !== 'string') throw badValue('$options has to be a string');
  return options;
}

function compileNot(operand: unknown, compilation: Compilation): Predicate {
  if (operand instanceof BSONRegExp) return negate(each(matches(operand)));
  if (!isOperatorObject(operand)) throw badValue('$not needs a regex or a document');
  const predicates = Object.entries(operand)
    .filter(([operator]) => operator !== '$options')
    .map(([operator, inner]) => compilePredicate(operator, inner, operand, compilation));
  const [only, second] = predicates;
  if (only !== undefined && second === undefined) return negate(only);
  throw notImplemented('$not with several operators');
}

function compileAll(operand: unknown, compilation: Compilation): Predicate {
  if (!Array.isArray(operand)) throw badValue('$all needs an array');
  const tests = (operand as unknown[]).map((item): ValueTest => {
    if (isPlainObject(item) && '$elemMatch' in item) {
      return elementMatches(item.$elemMatch, compilation);
    }
    const test = item instanceof BSONRegExp ? matches(item) : equals(item);
    return (value) => visitElements(value, test);
  });
  return whole((value) => tests.length > 0 && tests.every((test) => test(value)));
}

function elementMatches(operand: unknown, compilation: Compilation): ValueTest {
  if (!isPlainObject(operand)) throw badValue('$elemMatch needs an Object');
  const test =
    isOperatorObject(operand) && !/^\$(and|or|nor)$/.test(Object.keys(operand)[0] ?? '')
      ? elementTest(operand, compilation)
      : documentTest(operand, compilation);
  return (value) => {
    if (value.type !== BsonType.array) return false;
    const reader = new ElementReader(value.buf, value.start);
    while (reader.next()) {
      if (test(reader.value())) return true;
    }
    return false;
  };
}

function elementTest(operand: Document, compilation: Compilation): ValueTest {
  const predicates = Object.entries(operand)
    .filter(([operator]) => operator !== '$options')
    .map(([operator, inner]) => compilePredicate(operator, inner, operand, compilation));
  return (value) => predicates.every(({ test, negated }) => test(value) !== negated);
}

function documentTest(operand: Document, { variables }: Compilation): ValueTest {
  const { match } = compileFilter(operand, variables);
  return (value) =>
    (value.type === BsonType.object || value.type === BsonType.array) &&
    match(value.buf, value.start);
}
