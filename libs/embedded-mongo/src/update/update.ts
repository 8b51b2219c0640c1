import type { Document } from 'bson';
import { Doc } from '../aggregate/doc.js';
import { runPipeline } from '../aggregate/pipeline.js';
import { decodeBoxed, decodeValue, encode, isPlainObject } from '../bson/codec.js';
import { encodeValue } from '../bson/key-encoding.js';
import { findField } from '../bson/raw.js';
import { failedToParse, MongoFault, notImplemented } from '../errors.js';
import { compileFilter, type Filter } from '../query/matcher.js';
import { CHANGING, CREATING, dateKind } from './operators.js';
import { resolveSlots, type ArrayFilters } from './paths.js';

/** Turns a stored document into its successor; the same bytes mean that nothing changed. */
export interface Update {
  /** `inserting` also applies $setOnInsert. */
  apply(raw: Buffer, inserting: boolean): Buffer;
  readonly isReplacement: boolean;
}

interface Step {
  readonly operator: string;
  readonly path: string;
  readonly operand: unknown;
}

function parseSteps(spec: Document): Step[] {
  return Object.entries(spec).flatMap(([operator, fields]: [string, unknown]) => {
    if (operator === '$bit') throw notImplemented('$bit');
    const known = operator === '$rename' || operator in CREATING || operator in CHANGING;
    if (!known) {
      throw failedToParse(
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    }
    if (!isPlainObject(fields)) {
      throw failedToParse(`Modifiers operate on fields but we found another type for ${operator}`);
    }
    return Object.entries(fields).map(([path, operand]: [string, unknown]) => {
      if (operator === '$currentDate') dateKind(operand);
      return { operator, path, operand };
    });
  });
}

function checkConflicts(steps: readonly Step[]): void {
  const paths = steps.flatMap(({ operator, path, operand }) =>
    operator === '$rename' ? [path, String(operand)] : [path],
  );
  const seen = new Set<string>();
  for (const path of paths) {
    if (seen.has(path)) throw conflict(path, path);
    seen.add(path);
  }
  for (const path of paths) {
    for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
      const outer = path.slice(0, dot);
      if (seen.has(outer)) throw conflict(path, outer);
    }
  }
}

const conflict = (path: string, other: string): MongoFault =>
  new MongoFault(40, `Updating the path '${path}' would create a conflict at '${other}'`);

function rename(root: Document, path: string, target: unknown): void {
  if (typeof target !== 'string')
    throw new MongoFault(2, "The 'to' field for $rename must be a string");
  const none = new Map<string, never>();
  const from = resolveSlots(root, path, false, none)[0];
  const value = from?.get();
  if (from === undefined || value === undefined) return;
  from.remove();
  resolveSlots(root, target, true, none)[0]?.set(value);
}

function checkFiltersUsed(steps: readonly Step[], filters: ArrayFilters): void {
  for (const identifier of filters.keys()) {
    const placeholder = `$[${identifier}]`;
    if (steps.some(({ path }) => path.split('.').includes(placeholder))) continue;
    throw failedToParse(
      `The array filter for identifier '${identifier}' was not used in the update`,
    );
  }
}

function operatorUpdate(spec: Document, filters: ArrayFilters): Update {
  const steps = parseSteps(spec);
  checkConflicts(steps);
  checkFiltersUsed(steps, filters);
  return {
    isReplacement: false,
    apply: (raw, inserting) => {
      const root = decodeBoxed(raw);
      for (const { operator, path, operand } of steps) {
        if (operator === '$setOnInsert' && !inserting) continue;
        if (operator === '$rename') {
          rename(root, path, operand);
          continue;
        }
        const create = CREATING[operator];
        const act = create ?? CHANGING[operator];
        for (const place of resolveSlots(root, path, create !== undefined, filters)) {
          act?.(place, operand);
        }
      }
      return encode(root);
    },
  };
}

const ID = Buffer.from('_id');

/** A result without an `_id` keeps the one there was. */
function keepingId(before: Buffer, after: Buffer): Buffer {
  if (findField(after, 0, ID) !== undefined) return after;
  const id = findField(before, 0, ID);
  return id === undefined ? after : encode({ _id: decodeValue(id), ...decodeBoxed(after) });
}

function pipelineUpdate(pipeline: readonly Document[]): Update {
  const allowed = new Set([
    '$addFields',
    '$set',
    '$project',
    '$unset',
    '$replaceRoot',
    '$replaceWith',
  ]);
  for (const stage of pipeline) {
    const name = Object.keys(stage)[0] ?? '';
    if (!allowed.has(name)) {
      throw new MongoFault(72, `${name} is not allowed to be used within an update`);
    }
  }
  const context = { variables: {}, subPipeline: () => [] };
  return {
    isReplacement: false,
    apply: (raw) => {
      const result = runPipeline([Doc.ofRaw(raw)], pipeline, context)[0];
      return result === undefined ? raw : keepingId(raw, result.raw);
    },
  };
}

/** What an update may not do to a document that has its `_id`. */
export const immutableId = (): MongoFault =>
  new MongoFault(
    66,
    "Performing an update on the path '_id' would modify the immutable field '_id'",
  );

const sameKey = (left: unknown, right: unknown): boolean =>
  encodeValue(left).equals(encodeValue(right));

function replacement(spec: Document): Update {
  const fields = Object.entries(spec).filter(([name]) => name !== '_id');
  return {
    isReplacement: true,
    apply: (raw) => {
      const id: unknown = decodeBoxed(raw)._id;
      const own: unknown = spec._id;
      if (id !== undefined && own !== undefined && !sameKey(id, own)) throw immutableId();
      const kept = id === undefined ? own : id;
      return encode(Object.fromEntries(kept === undefined ? fields : [['_id', kept], ...fields]));
    },
  };
}

function parseArrayFilters(filters: unknown): ArrayFilters {
  const parsed = new Map<string, Filter['match']>();
  for (const filter of Array.isArray(filters) ? (filters as Document[]) : []) {
    const names = new Set(Object.keys(filter).map((path) => path.split('.')[0] ?? ''));
    const [name = ''] = names;
    if (names.size !== 1 || name.startsWith('$')) {
      throw failedToParse('an array filter must name exactly one identifier');
    }
    if (parsed.has(name)) {
      throw failedToParse(
        `Found multiple array filters with the same top-level field name ${name}`,
      );
    }
    parsed.set(name, compileFilter(filter).match);
  }
  return parsed;
}

/** Compiles the `u` of an update statement: operators, a pipeline, or a replacement document. */
export function compileUpdate(spec: unknown, arrayFilters?: unknown): Update {
  if (Array.isArray(spec)) {
    if (arrayFilters !== undefined) {
      throw failedToParse('arrayFilters may not be specified for pipeline-style updates');
    }
    return pipelineUpdate(spec as Document[]);
  }
  if (!isPlainObject(spec)) throw failedToParse('Update argument must be an object or an array');
  const names = Object.keys(spec);
  const operators = names.filter((name) => name.startsWith('$'));
  if (operators.length === 0) return replacement(spec);
  if (operators.length !== names.length) {
    throw new MongoFault(
      52,
      'the dollar ($) prefixed and plain fields cannot be mixed in an update',
    );
  }
  return operatorUpdate(spec, parseArrayFilters(arrayFilters));
}

/** The document an upsert starts from: what the query fixes by equality. */
export function upsertSeed({ conjuncts }: Filter): Document {
  const seed: Document = {};
  for (const { path, operator, operand } of conjuncts) {
    const single = operator === '$in' && Array.isArray(operand) && operand.length === 1;
    if (operator !== '$eq' && !single) continue;
    const value: unknown = single ? (operand as unknown[])[0] : operand;
    resolveSlots(seed, path, true, new Map())[0]?.set(value);
  }
  return seed;
}
