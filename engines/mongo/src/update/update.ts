import { failedToParse, MongoFault, notImplemented } from '../bson/errors.js';
import { encodeRaw } from '../bson/key-encoding.js';
import { add } from '../bson/numbers.js';
import { documentValue, type RawValue } from '../bson/raw.js';
import { documentOf, show } from '../bson/values.js';
import type { Filter } from '../query/matcher.js';
import { checkPath, Tree } from './tree.js';

/** What a field becomes, by what it is and what an operator is told; undefined takes it away. */
type Change = (current: RawValue | undefined, operand: RawValue) => RawValue | undefined;

const bound =
  (sign: 1 | -1): Change =>
  (current, operand) =>
    current === undefined || encodeRaw(operand).compare(encodeRaw(current)) * sign > 0
      ? operand
      : current;

function increment(current: RawValue | undefined, by: RawValue): RawValue {
  if (!by.isNumeric) {
    throw new MongoFault(14, `Cannot increment with non-numeric argument: ${show(by)}`);
  }
  if (current === undefined) return by;
  if (current.isNumeric) return add(current, by);
  throw new MongoFault(14, 'Cannot apply $inc to a value of non-numeric type.');
}

const replace: Change = (_, operand) => operand;

/** Update operators. */
export const OPERATORS: Readonly<Record<string, Change>> = {
  $set: replace,
  $setOnInsert: replace,
  $unset: () => undefined,
  $inc: increment,
  $min: bound(-1),
  $max: bound(1),
};

/** Turns a stored document into its successor; the same bytes mean that nothing changed. */
export interface Update {
  /** `inserting` also applies $setOnInsert. */
  apply(raw: Buffer, inserting: boolean): Buffer;
  readonly isReplacement: boolean;
}

interface Step {
  readonly name: string;
  readonly change: Change;
  readonly path: readonly string[];
  readonly operand: RawValue;
}

function parseSteps(spec: RawValue): Step[] {
  return spec.entries().flatMap(([name, fields]) => {
    const change = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
    if (change === undefined) throw notImplemented(`the update operator ${name}`);
    if (!fields.isObject) {
      throw failedToParse(`Modifiers operate on fields but we found another type for ${name}`);
    }
    return fields
      .entries()
      .map(([path, operand]) => ({ name, change, path: checkPath(path), operand }));
  });
}

const isNumber = (name: string): boolean => /^\d+$/.test(name);

/** As the server orders fields that one update makes: by name, numbers by their size. */
function byPath({ path: ours }: Step, { path: theirs }: Step): number {
  for (const [at, own] of ours.entries()) {
    const other = theirs[at];
    if (other === undefined) return 1;
    if (own === other) continue;
    if (isNumber(own) && isNumber(other)) return Number(own) - Number(other);
    return own < other ? -1 : 1;
  }
  return ours.length - theirs.length;
}

/** @param steps sorted by path, so that a path comes right before what lies in it */
function checkConflicts(steps: readonly Step[]): void {
  for (const [at, { path }] of steps.entries()) {
    const before = steps[at - 1]?.path;
    if (before?.every((name, depth) => name === path[depth]) === true) {
      const [one, other] = [path.join('.'), before.join('.')];
      throw new MongoFault(40, `Updating the path '${one}' would create a conflict at '${other}'`);
    }
  }
}

function operatorUpdate(spec: RawValue): Update {
  const steps = parseSteps(spec).sort(byPath);
  checkConflicts(steps);
  return {
    isReplacement: false,
    apply: (raw, inserting) => {
      const root = new Tree(documentValue(raw));
      for (const { name, change, path, operand } of steps) {
        if (name === '$setOnInsert' && !inserting) continue;
        root.change(path, name !== '$unset', (current) => change(current, operand));
      }
      return root.toValue().buf;
    },
  };
}

/** What an update may not do to a document that has its `_id`. */
export const immutableId = (): MongoFault =>
  new MongoFault(
    66,
    "Performing an update on the path '_id' would modify the immutable field '_id'",
  );

function replacement(spec: RawValue): Update {
  const own = spec.fields().get('_id');
  const fields = spec.entries().filter(([name]) => name !== '_id');
  return {
    isReplacement: true,
    apply: (raw) => {
      const kept = documentValue(raw).fields().get('_id') ?? own;
      if (kept === undefined) return documentOf(fields).buf;
      if (own !== undefined && !encodeRaw(kept).equals(encodeRaw(own))) throw immutableId();
      return documentOf([['_id', kept], ...fields]).buf;
    },
  };
}

/** Compiles the `u` of an update statement: operators, or a replacement document. */
export function compileUpdate(spec: RawValue): Update {
  if (spec.isArray) throw notImplemented('an update by a pipeline');
  if (!spec.isObject) throw failedToParse('Update argument must be an object');
  const names = spec.entries().map(([name]) => name);
  const operators = names.filter((name) => name.startsWith('$'));
  if (operators.length === 0) return replacement(spec);
  if (operators.length === names.length) return operatorUpdate(spec);
  throw new MongoFault(52, 'the dollar ($) prefixed and plain fields cannot be mixed in an update');
}

/** The document an upsert starts from: what the query fixes by equality. */
export function upsertSeed({ conjuncts }: Filter): RawValue {
  const seed = new Tree(documentOf([]));
  for (const { path, operator, operand } of conjuncts) {
    const items = operator === '$in' && operand.isArray ? operand.elements() : [];
    const value = operator === '$eq' ? operand : items.length === 1 ? items[0] : undefined;
    if (value !== undefined) seed.change(path.split('.'), true, () => value);
  }
  return seed.toValue();
}
