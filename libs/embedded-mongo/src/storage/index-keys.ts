import { encodeRaw, NULL_KEY, writeKey } from '../bson/key-encoding.js';
import { KeyWriter } from '../bson/key-writer.js';
import { BsonType, documentValue, ElementReader, findField, type RawValue } from '../bson/raw.js';
import { MongoFault } from '../errors.js';
import { visitPath, type Path } from '../query/path.js';
import type { IndexField, IndexSpec } from './catalog.js';
import { fieldShare, ID_BYTES, shortened } from './long-keys.js';

export function treePrefix(treeId: number): Buffer {
  const prefix = Buffer.allocUnsafe(4);
  prefix.writeUInt32BE(treeId);
  return prefix;
}

const ID = Buffer.from('_id');
const writer = new KeyWriter();

/** The key of a document in its collection's primary tree: the tree id, then the encoded `_id`. */
export function primaryKey(treeId: number, id: RawValue): Buffer {
  writer.reset().uint32(treeId);
  writeKey(writer, id.buf, id.type, id.start, id.end);
  if (writer.length - 4 <= ID_BYTES) return writer.take();
  return Buffer.concat([treePrefix(treeId), shortened(writer.take().subarray(4), ID_BYTES)]);
}

/** Whether an `_id` stands in keys by its beginning and a hash. */
export function isLongId(id: RawValue): boolean {
  return id.size > ID_BYTES / 4 && encodeRaw(id).length > ID_BYTES;
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
}

const encodeIndexed = (value: RawValue): Buffer =>
  value.type === BsonType.missing ? NULL_KEY : encodeRaw(value);

function elementKeys(array: RawValue): Buffer[] {
  const reader = new ElementReader(array.buf, array.start);
  const keys: Buffer[] = [];
  while (reader.next()) keys.push(encodeIndexed(reader.value()));
  return keys.length > 0 ? keys : [NULL_KEY];
}

function fieldKeys(document: RawValue, field: IndexField): FieldKeys {
  const values: RawValue[] = [];
  visitPath(document, field.path, (value) => {
    values.push(value);
    return false;
  });
  const keys = values.flatMap((value) =>
    value.type === BsonType.array ? elementKeys(value) : [encodeIndexed(value)],
  );
  return {
    keys: keys.length > 0 ? keys : [NULL_KEY],
    multi: values.length !== 1 || values[0]?.type === BsonType.array,
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

/** The common case, one short key from plain top-level fields, written in one go; undefined if it is not. */
function singleKey(raw: Buffer, index: IndexSpec): Buffer | undefined {
  const share = fieldShare(index.fields.length);
  writer.reset().uint32(index.treeId);
  for (const { path, descending } of index.fields) {
    if (path.segments.length > 1) return undefined;
    const value = findField(raw, 0, path.segments[0] as Buffer);
    if (value?.type === BsonType.array) return undefined;
    const from = writer.length;
    if (value === undefined) writer.bytes(NULL_KEY);
    else writeKey(writer, raw, value.type, value.start, value.end);
    if (writer.length - from > share) return undefined;
    if (descending) writer.invertFrom(from);
  }
  return writer.take();
}

export interface DocumentKeys {
  /** Tree id and encoded fields, without the `_id` that non-unique entries end with. */
  readonly keys: readonly Buffer[];
  readonly multikey: boolean;
  /** A value among them is shortened. */
  readonly long: boolean;
}

export const NO_KEYS: DocumentKeys = { keys: [], multikey: false, long: false };

/** All keys under which a document stands in an index. */
export function documentKeys(raw: Buffer, index: IndexSpec): DocumentKeys {
  const document = documentValue(raw);
  if (index.partial !== undefined && !index.partial.match(document)) return NO_KEYS;
  const single = singleKey(raw, index);
  if (single !== undefined) return { keys: [single], multikey: false, long: false };
  const fields = index.fields.map((field) => fieldKeys(document, field));
  const arrays = new Set(index.fields.map(({ path }) => arrayOn(raw, path)));
  arrays.delete(undefined);
  if (arrays.size > 1) throw parallelArrays();
  if (fields.filter(({ multi, keys }) => multi && keys.length > 1).length > 1) {
    throw parallelArrays();
  }
  const share = fieldShare(index.fields.length);
  let keys: Buffer[] = [treePrefix(index.treeId)];
  fields.forEach((field, at) => {
    const descending = index.fields[at]?.descending === true;
    const parts = field.keys.map((key) => shortened(key, share));
    keys = keys.flatMap((prefix) => parts.map((key) => append(prefix, key, descending)));
  });
  const unique = new Map(keys.map((key) => [key.toString('latin1'), key]));
  return {
    keys: [...unique.values()],
    multikey: fields.some(({ multi }) => multi),
    long: fields.some((field) => field.keys.some((key) => key.length > share)),
  };
}

function append(prefix: Buffer, key: Buffer, descending: boolean): Buffer {
  writer.reset().bytes(prefix);
  const from = writer.length;
  writer.bytes(key);
  if (descending) writer.invertFrom(from);
  return writer.take();
}

/** Entries of non-unique indexes end with the encoded `_id`; its length is their value. */
export function entryKey(key: Buffer, primary: Buffer): Buffer {
  const entry = Buffer.allocUnsafe(key.length + primary.length - 4);
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
