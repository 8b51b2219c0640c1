import { compileExpression, type Expression, type Variables } from '../aggregate/expression.js';
import { BsonType, documentValue, ElementReader, type RawValue } from '../bson/raw.js';
import { assemble, documentOf } from '../bson/values.js';
import { MongoFault, notImplemented } from '../errors.js';

export type Projection = (document: RawValue) => RawValue;

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
    const isLast = at === names.length - 1;
    if (existing === true || (isLast && existing !== undefined)) {
      throw new MongoFault(31249, `Path collision at ${path}`);
    }
    if (isLast) {
      node.set(name, true);
      return;
    }
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

function parseEntry(parsed: Parsed, path: string, spec: RawValue, variables: Variables): void {
  if (path.includes('$')) throw notImplemented('a positional projection');
  if (spec.type === BsonType.bool || spec.isNumeric) {
    if (path === '_id') parsed.idIncluded = spec.isTrue;
    else {
      setMode(parsed, spec.isTrue, path);
      addPath(parsed.tree, path);
    }
    return;
  }
  if (spec.isObject) {
    const operator = spec.first()[0] ?? '$';
    if (operator.startsWith('$')) throw notImplemented(`the projection operator ${operator}`);
    for (const [name, inner] of spec.entries()) {
      parseEntry(parsed, `${path}.${name}`, inner, variables);
    }
    return;
  }
  const isReference = spec.text?.startsWith('$') === true;
  if (!isReference) throw notImplemented('a projection to a constant');
  if (path.includes('.')) throw notImplemented('a computed field in a nested projection');
  setMode(parsed, true, path);
  parsed.computed.push([path, compileExpression(spec, variables)]);
}

/** Copies the wanted elements of a raw document without decoding it. */
function prune(document: RawValue, tree: Tree, inclusive: boolean): Buffer {
  const { isArray } = document;
  const reader = new ElementReader(document.buf, document.start);
  const parts: Uint8Array[] = [];
  let position = 0;
  while (reader.next()) {
    const node = isArray ? tree : tree.get(reader.name);
    const isNested = reader.type === BsonType.object || reader.type === BsonType.array;
    if (node instanceof Tree && isNested) {
      const head = isArray
        ? Buffer.from(`${String.fromCharCode(reader.type)}${position}\0`, 'latin1')
        : document.buf.subarray(reader.elementStart, reader.start);
      parts.push(head, prune(reader.value(), node, inclusive));
      position += 1;
    } else if ((node === true) === inclusive) {
      parts.push(document.buf.subarray(reader.elementStart, reader.end));
      position += 1;
    }
  }
  return assemble(parts);
}

/** A document with computed fields set one after the other, at their places or at its end. */
function withFields(
  document: RawValue,
  computed: readonly (readonly [string, Expression])[],
  source: RawValue,
): RawValue {
  const fields = new Map(document.entries());
  for (const [name, expression] of computed) fields.set(name, expression(source));
  return documentOf(fields);
}

/** Compiles a projection document; undefined when it keeps everything. */
export function compileProjection(
  spec: RawValue | undefined,
  variables: Variables,
): Projection | undefined {
  const entries = spec === undefined ? [] : spec.entries();
  if (entries.length === 0) return undefined;
  const parsed: Parsed = {
    tree: new Tree(),
    computed: [],
    inclusive: undefined,
    idIncluded: undefined,
  };
  for (const [path, entry] of entries) parseEntry(parsed, path, entry, variables);
  const inclusive = parsed.inclusive ?? parsed.idIncluded === true;
  if ((parsed.idIncluded ?? true) === inclusive) parsed.tree.set('_id', true);
  const { tree, computed } = parsed;
  return (document) => {
    const pruned = documentValue(prune(document, tree, inclusive));
    return computed.length === 0 ? pruned : withFields(pruned, computed, document);
  };
}
