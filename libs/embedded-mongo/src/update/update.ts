import { encodeRaw } from '../bson/key-encoding.js';
import { documentValue, type RawValue } from '../bson/raw.js';
import { documentOf } from '../bson/values.js';
import { failedToParse, MongoFault, notImplemented } from '../errors.js';
import type { Filter } from '../query/matcher.js';
import { OPERATORS, type Operator } from './operators.js';
import { checkPath, resolveSlot, Tree } from './tree.js';

/** Turns a stored document into its successor; the same bytes mean that nothing changed. */
export interface Update {
  /** `inserting` also applies $setOnInsert. */
  apply(raw: Buffer, inserting: boolean): Buffer;
  readonly isReplacement: boolean;
}

interface Step {
  readonly name: string;
  readonly operator: Operator;
  readonly path: string;
  readonly operand: RawValue;
}

function parseSteps(spec: RawValue): Step[] {
  return spec.entries().flatMap(([name, fields]) => {
    const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
    if (operator === undefined) throw notImplemented(`the update operator ${name}`);
    if (!fields.isObject) {
      throw failedToParse(`Modifiers operate on fields but we found another type for ${name}`);
    }
    return fields.entries().map(([path, operand]) => ({
      name,
      operator,
      path: checkPath(path),
      operand,
    }));
  });
}

const isNumber = (name: string): boolean => /^\d+$/.test(name);

/** As the server orders fields that one update makes: by name, numbers by their size. */
function byPath(left: Step, right: Step): number {
  const [ours, theirs] = [left.path.split('.'), right.path.split('.')];
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
  const seen = new Set<string>();
  for (const { path } of steps) {
    for (let end = path.length; end !== -1; end = path.lastIndexOf('.', end - 1)) {
      const outer = path.slice(0, end);
      if (seen.has(outer)) {
        throw new MongoFault(
          40,
          `Updating the path '${path}' would create a conflict at '${outer}'`,
        );
      }
    }
    seen.add(path);
  }
}

function operatorUpdate(spec: RawValue): Update {
  const steps = parseSteps(spec).sort(byPath);
  checkConflicts(steps);
  return {
    isReplacement: false,
    apply: (raw, inserting) => {
      const root = new Tree(documentValue(raw));
      for (const { name, operator, path, operand } of steps) {
        if (name === '$setOnInsert' && !inserting) continue;
        const slot = resolveSlot(root, path, operator.creates);
        if (slot !== undefined) operator.apply(slot, operand);
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
      const id = documentValue(raw).fields().get('_id');
      if (id !== undefined && own !== undefined && !encodeRaw(id).equals(encodeRaw(own))) {
        throw immutableId();
      }
      const kept = id ?? own;
      return documentOf(kept === undefined ? fields : [['_id', kept], ...fields]).buf;
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
  if (operators.length !== names.length) {
    throw new MongoFault(
      52,
      'the dollar ($) prefixed and plain fields cannot be mixed in an update',
    );
  }
  return operatorUpdate(spec);
}

/** The document an upsert starts from: what the query fixes by equality. */
export function upsertSeed({ conjuncts }: Filter): RawValue {
  const seed = new Tree(documentOf([]));
  for (const { path, operator, operand } of conjuncts) {
    const items = operator === '$in' && operand.isArray ? operand.elements() : [];
    const value = operator === '$eq' ? operand : items.length === 1 ? items[0] : undefined;
    if (value !== undefined) resolveSlot(seed, path, true)?.set(value);
  }
  return seed.toValue();
}
