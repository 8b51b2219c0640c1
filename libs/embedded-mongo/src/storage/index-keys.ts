import { bracketOf, Bracket, writeKey } from '../bson/key-encoding.js';
import { KeyWriter } from '../bson/key-writer.js';
import { BsonType, ElementReader, findField, type RawValue } from '../bson/raw.js';
import { MongoFault } from '../errors.js';
import { visitPath, type Path } from '../query/path.js';
import type { IndexField, IndexSpec } from './catalog.js';

/** LMDB keys may have up to 1978 bytes; the tree id and the length suffix live beside this. */
const MAX_KEY_BYTES = 1960;

export function treePrefix(treeId: number): Buffer {
  const prefix = Buffer.allocUnsafe(4);
  prefix.writeUInt32BE(treeId);
  return prefix;
}

const ID = Buffer.from('_id');
const writer = new KeyWriter();

export const NULL_KEY = Buffer.from([Bracket.null]);

function checkLength(length: number): void {
  if (length > MAX_KEY_BYTES) {
    throw new MongoFault(17280, `Btree::insert: key too large to index (${length} bytes)`);
  }
}

/** The key of a document in its collection's primary tree: the tree id, then the encoded `_id`. */
export function primaryKey(treeId: number, id: RawValue): Buffer {
  writer.reset().uint32(treeId);
  writeKey(writer, id.buf, id.type, id.start, id.end);
  checkLength(writer.length);
  return writer.take();
}

export function idOf(raw: Buffer): RawValue {
  const id = findField(raw, 0, ID);
  if (id === undefined) throw new MongoFault(1, 'a stored document has no _id');
  return id;
}

/** What one field contributes to the keys of a document; several encodings when it holds an array. */
interface FieldKeys {
  readonly keys: readonly Buffer[];
  readonly multi: boolean;
  readonly present: boolean;
}

const part = new KeyWriter();

function encodeIndexed(value: RawValue): Buffer {
  if (value.type === BsonType.missing) return NULL_KEY;
  writeKey(part.reset(), value.buf, value.type, value.start, value.end);
  return part.take();
}

function elementKeys(array: RawValue): Buffer[] {
  const reader = new ElementReader(array.buf, array.start);
  const keys: Buffer[] = [];
  while (reader.next()) keys.push(encodeIndexed(reader.value()));
  return keys.length > 0 ? keys : [NULL_KEY];
}

function fieldKeys(raw: Buffer, field: IndexField): FieldKeys {
  const values: RawValue[] = [];
  visitPath(raw, 0, field.path, (value) => {
    values.push(value);
    return false;
  });
  const keys = values.flatMap((value) =>
    value.type === BsonType.array ? elementKeys(value) : [encodeIndexed(value)],
  );
  return {
    keys: keys.length > 0 ? keys : [NULL_KEY],
    multi: values.length !== 1 || values[0]?.type === BsonType.array,
    present: values.some(({ type }) => type !== BsonType.missing),
  };
}

const parallelArrays = (): MongoFault => new MongoFault(171, 'cannot index parallel arrays');

/** The path of the first array that a path leads to or through, if there is one. */
function arrayOn(raw: Buffer, path: Path): string | undefined {
  let start = 0;
  for (const [at, segment] of path.segments.entries()) {
    const value = findField(raw, start, segment);
    if (value?.type === BsonType.array) {
      return path.text.split('.', at + 1).join('.');
    }
    if (value?.type !== BsonType.object) return undefined;
    start = value.start;
  }
  return undefined;
}

/** Whether a document has its place in an index at all. */
function isIndexed(raw: Buffer, index: IndexSpec): boolean {
  if (index.partial !== undefined && !index.partial.match(raw, 0)) return false;
  if (!index.sparse) return true;
  return index.fields.some((field) => fieldKeys(raw, field).present);
}

/** The common case, one key from plain top-level fields, written in one go; undefined if it is not. */
function singleKey(raw: Buffer, index: IndexSpec): Buffer | undefined {
  writer.reset().uint32(index.treeId);
  for (const { path, descending } of index.fields) {
    if (path.segments.length > 1) return undefined;
    const value = findField(raw, 0, path.segments[0] as Buffer);
    if (value?.type === BsonType.array) return undefined;
    const from = writer.length;
    if (value === undefined) writer.byte(bracketOf(BsonType.null));
    else writeKey(writer, raw, value.type, value.start, value.end);
    if (descending) writer.invertFrom(from);
  }
  checkLength(writer.length);
  return writer.take();
}

export interface DocumentKeys {
  /** Tree id and encoded fields, without the `_id` that non-unique entries end with. */
  readonly keys: readonly Buffer[];
  readonly multikey: boolean;
}

const NONE: DocumentKeys = { keys: [], multikey: false };

/** All keys under which a document stands in an index. */
export function documentKeys(raw: Buffer, index: IndexSpec): DocumentKeys {
  if ((index.sparse || index.partial !== undefined) && !isIndexed(raw, index)) return NONE;
  const single = singleKey(raw, index);
  if (single !== undefined) return { keys: [single], multikey: false };
  const fields = index.fields.map((field) => fieldKeys(raw, field));
  const arrays = new Set(index.fields.map(({ path }) => arrayOn(raw, path)));
  arrays.delete(undefined);
  if (arrays.size > 1) throw parallelArrays();
  if (fields.filter(({ multi, keys }) => multi && keys.length > 1).length > 1) {
    throw parallelArrays();
  }
  let keys: Buffer[] = [treePrefix(index.treeId)];
  fields.forEach((field, at) => {
    const descending = index.fields[at]?.descending === true;
    keys = keys.flatMap((prefix) => field.keys.map((key) => append(prefix, key, descending)));
  });
  const unique = new Map(keys.map((key) => [key.toString('latin1'), key]));
  return { keys: [...unique.values()], multikey: fields.some(({ multi }) => multi) };
}

function append(prefix: Buffer, key: Buffer, descending: boolean): Buffer {
  writer.reset().bytes(prefix);
  const from = writer.length;
  writer.bytes(key);
  if (descending) writer.invertFrom(from);
  checkLength(writer.length);
  return writer.take();
}

/** Entries of non-unique indexes end with the encoded `_id`; its length is their value. */
export function entryKey(key: Buffer, primary: Buffer): Buffer {
  const idLength = primary.length - 4;
  checkLength(key.length + idLength);
  const entry = Buffer.allocUnsafe(key.length + idLength);
  entry.set(key, 0);
  primary.copy(entry, key.length, 4);
  return entry;
}

export function lengthValue(primary: Buffer): Buffer {
  const value = Buffer.allocUnsafe(2);
  value.writeUInt16BE(primary.length - 4);
  return value;
}

/** The primary key an index entry points at. */
export function primaryKeyOf(treeId: number, unique: boolean, key: Buffer, value: Buffer): Buffer {
  const prefix = treePrefix(treeId);
  if (unique) return Buffer.concat([prefix, value]);
  return Buffer.concat([prefix, key.subarray(key.length - value.readUInt16BE(0))]);
}
