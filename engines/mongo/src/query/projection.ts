import { MongoFault, notImplemented } from '../bson/errors.js';
import { BsonType, documentValue, ElementReader, type RawValue } from '../bson/raw.js';
import { assemble } from '../bson/values.js';

export type Projection = (document: RawValue) => RawValue;

/** Field names kept or dropped; `true` stands for the whole field. */
class Tree extends Map<string, Tree | true> {}

function addPath(tree: Tree, path: string): void {
  const [name = '', ...rest] = path.split('.');
  const existing = tree.get(name);
  if (existing === true || (existing !== undefined && rest.length === 0)) {
    throw new MongoFault(31249, `Path collision at ${path}`);
  }
  if (rest.length === 0) {
    tree.set(name, true);
    return;
  }
  const child = existing ?? new Tree();
  tree.set(name, child);
  addPath(child, rest.join('.'));
}

/** Whether a field is kept; a projection keeps or drops, and anything else is not served. */
function isKept(path: string, spec: RawValue): boolean {
  if (path.includes('$')) throw notImplemented('a positional projection');
  if (spec.type !== BsonType.bool && !spec.isNumeric) {
    throw notImplemented(`a projection that computes '${path}'`);
  }
  return spec.isTrue;
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

/** Compiles a projection document; undefined when it keeps everything. */
export function compileProjection(spec: RawValue | undefined): Projection | undefined {
  const fields = (spec?.entries() ?? []).map(
    ([path, value]) => [path, isKept(path, value)] as const,
  );
  if (fields.length === 0) return undefined;
  const others = fields.filter(([path]) => path !== '_id');
  const id = fields.find(([path]) => path === '_id')?.[1];
  const inclusive = others[0]?.[1] ?? id === true;
  const tree = new Tree();
  for (const [path, kept] of others) {
    if (kept !== inclusive) {
      const [code, kind, other] = kept
        ? ([31253, 'inclusion', 'exclusion'] as const)
        : ([31254, 'exclusion', 'inclusion'] as const);
      throw new MongoFault(code, `Cannot do ${kind} on field ${path} in ${other} projection`);
    }
    addPath(tree, path);
  }
  if ((id ?? true) === inclusive) tree.set('_id', true);
  return (document) => documentValue(prune(document, tree, inclusive));
}
