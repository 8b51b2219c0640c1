import type { Document } from 'bson';
import { Doc } from '../aggregate/doc.js';
import { compileExpression, type Expression, type Variables } from '../aggregate/expression.js';
import { asNumber, isPlainObject } from '../bson/codec.js';
import { assemble, BsonType, ElementReader } from '../bson/raw.js';
import { badValue, MongoFault, notImplemented } from '../errors.js';
import { compileFilter } from './matcher.js';

export type Projection = (doc: Doc) => Doc;

/** Field names kept or dropped; `true` stands for the whole field. */
class Tree extends Map<string, Tree | true> {}

interface Parsed {
  readonly tree: Tree;
  readonly computed: [string, Expression][];
  inclusive: boolean | undefined;
  idIncluded: boolean | undefined;
}

function addPath(tree: Tree, path: string): void {
  const names = path.split('.');
  let node = tree;
  for (const [at, name] of names.entries()) {
    const existing = node.get(name);
    if (at === names.length - 1) {
      if (existing !== undefined && existing !== true) {
        throw new MongoFault(31249, `Path collision at ${path}`);
      }
      node.set(name, true);
      return;
    }
    if (existing === true) throw new MongoFault(31249, `Path collision at ${path}`);
    const child = existing ?? new Tree();
    node.set(name, child);
    node = child;
  }
}

function setMode(parsed: Parsed, inclusive: boolean, path: string): void {
  if (parsed.inclusive !== undefined && parsed.inclusive !== inclusive) {
    const [code, kind, other] = inclusive
      ? ([31253, 'inclusion', 'exclusion'] as const)
      : ([31254, 'exclusion', 'inclusion'] as const);
    throw new MongoFault(code, `Cannot do ${kind} on field ${path} in ${other} projection`);
  }
  parsed.inclusive = inclusive;
}

function parseEntry(parsed: Parsed, path: string, spec: unknown, context: Context): void {
  const flag = typeof spec === 'boolean' ? Number(spec) : asNumber(spec);
  if (flag !== undefined) {
    if (path === '_id') parsed.idIncluded = flag !== 0;
    else {
      setMode(parsed, flag !== 0, path);
      addPath(parsed.tree, path);
    }
    return;
  }
  if (isPlainObject(spec) && !(Object.keys(spec)[0] ?? '$').startsWith('$')) {
    for (const [name, inner] of Object.entries(spec) as [string, unknown][]) {
      parseEntry(parsed, `${path}.${name}`, inner, context);
    }
    return;
  }
  const computed = computedField(path, spec, context);
  if (computed.inclusive !== undefined) setMode(parsed, computed.inclusive, path);
  parsed.computed.push([path, computed.expression]);
}

interface Context {
  readonly variables: Variables;
  /** find allows $slice and $elemMatch with meanings of their own. */
  readonly find: boolean;
}

function computedField(
  path: string,
  spec: unknown,
  { variables, find }: Context,
): { expression: Expression; inclusive: boolean | undefined } {
  const operator = isPlainObject(spec) ? Object.keys(spec)[0] : undefined;
  if (find && isPlainObject(spec)) {
    const argument: unknown = operator === undefined ? undefined : spec[operator];
    if (operator === '$elemMatch') {
      return { expression: firstElement(path, argument), inclusive: true };
    }
    const isFindSlice =
      operator === '$slice' && (!Array.isArray(argument) || asNumber(argument[0]) !== undefined);
    if (isFindSlice) return { expression: sliceOf(path, argument), inclusive: undefined };
  }
  if (operator === '$meta') throw notImplemented('$meta');
  return { expression: compileExpression(spec, variables), inclusive: true };
}

function firstElement(path: string, condition: unknown): Expression {
  if (path.includes('.')) throw notImplemented('$elemMatch projection on a nested path');
  const { match } = compileFilter({ [path]: { $elemMatch: condition } });
  return (doc) => {
    const list: unknown = doc.boxed[path];
    if (!Array.isArray(list)) return undefined;
    const found = (list as unknown[]).find((item) => match(Doc.of({ [path]: [item] }).raw, 0));
    return found === undefined ? undefined : [found];
  };
}

function sliceOf(path: string, argument: unknown): Expression {
  if (path.includes('.')) throw notImplemented('$slice projection on a nested path');
  const numbers = (Array.isArray(argument) ? argument : [argument]).map(asNumber);
  const [first, second] = numbers;
  if (first === undefined) throw badValue('Invalid $slice syntax');
  return (doc): unknown => {
    const list: unknown = doc.boxed[path];
    if (!Array.isArray(list)) return list;
    if (second === undefined) return first < 0 ? list.slice(first) : list.slice(0, first);
    const start = first < 0 ? Math.max(list.length + first, 0) : first;
    return list.slice(start, start + second);
  };
}

/** Copies the wanted elements of a raw document without decoding it. */
function prune(
  raw: Buffer,
  start: number,
  tree: Tree,
  inclusive: boolean,
  isArray: boolean,
): Buffer {
  const reader = new ElementReader(raw, start);
  const parts: Buffer[] = [];
  let position = 0;
  while (reader.next()) {
    const node = isArray ? tree : tree.get(reader.name);
    const whole = raw.subarray(reader.elementStart, reader.end);
    if (node === undefined || node === true) {
      if ((node === true) === inclusive) parts.push(whole);
      continue;
    }
    if (reader.type !== BsonType.object && reader.type !== BsonType.array) {
      if (!inclusive) parts.push(isArray ? renumbered(raw, reader, position++) : whole);
      continue;
    }
    const header = isArray
      ? elementHeader(reader.type, String(position++))
      : raw.subarray(reader.elementStart, reader.start);
    const inner = prune(raw, reader.start, node, inclusive, reader.type === BsonType.array);
    parts.push(Buffer.concat([header, inner]));
  }
  return assemble(parts);
}

const elementHeader = (type: number, name: string): Buffer =>
  Buffer.concat([Buffer.from([type]), Buffer.from(name), Buffer.alloc(1)]);

const renumbered = (raw: Buffer, reader: ElementReader, position: number): Buffer =>
  Buffer.concat([
    elementHeader(reader.type, String(position)),
    raw.subarray(reader.start, reader.end),
  ]);

/** A value with another in it, or without for undefined; through an array, in each of its elements. */
function withPath(node: unknown, path: readonly string[], value: unknown): unknown {
  if (Array.isArray(node)) return node.map((item) => withPath(item, path, value));
  const [name = '', ...rest] = path;
  const copy: Document = isPlainObject(node) ? { ...node } : {};
  const inner = rest.length === 0 ? value : withPath(copy[name], rest, value);
  if (inner === undefined) Reflect.deleteProperty(copy, name);
  else copy[name] = inner;
  return copy;
}

/** A document with computed fields set one after the other. */
function withFields(
  document: Document,
  fields: readonly (readonly [string, Expression])[],
  doc: Doc,
): Doc {
  const set = (result: unknown, [path, expression]: readonly [string, Expression]): unknown =>
    withPath(result, path.split('.'), expression(doc));
  return Doc.of(fields.reduce(set, document) as Document);
}

/** Compiles a projection document; undefined when it keeps everything. */
export function compileProjection(
  spec: Document | undefined,
  context: Context,
): Projection | undefined {
  if (spec === undefined || Object.keys(spec).length === 0) return undefined;
  const parsed: Parsed = {
    tree: new Tree(),
    computed: [],
    inclusive: undefined,
    idIncluded: undefined,
  };
  for (const [path, entry] of Object.entries(spec) as [string, unknown][]) {
    if (path.includes('$')) throw notImplemented('positional projection');
    parseEntry(parsed, path, entry, context);
  }
  const inclusive = parsed.inclusive ?? parsed.idIncluded === true;
  const keepId = parsed.idIncluded ?? true;
  if (keepId === inclusive) parsed.tree.set('_id', true);
  const { tree, computed } = parsed;
  return (doc) => {
    const pruned = Doc.ofRaw(prune(doc.raw, 0, tree, inclusive, false));
    if (computed.length === 0) return pruned;
    return withFields(pruned.boxed, computed, doc);
  };
}

/** `$addFields`/`$set`: computed fields beside those there are. */
export function compileAddFields(spec: unknown, variables: Variables): Projection {
  if (!isPlainObject(spec))
    throw new MongoFault(40324, '$addFields specification must be an object');
  const fields = flatten(spec, '').map(
    ([path, value]) => [path, compileExpression(value, variables)] as const,
  );
  return (doc) => withFields(doc.boxed, fields, doc);
}

function flatten(spec: Document, prefix: string): [string, unknown][] {
  return Object.entries(spec).flatMap(([name, value]: [string, unknown]): [string, unknown][] => {
    const isNested =
      isPlainObject(value) &&
      Object.keys(value).length > 0 &&
      !(Object.keys(value)[0] ?? '').startsWith('$');
    return isNested ? flatten(value, `${prefix}${name}.`) : [[`${prefix}${name}`, value]];
  });
}
