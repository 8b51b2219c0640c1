import { ObjectId } from 'bson';
import { BsonType, documentValue, ElementReader, type RawValue } from '../bson/raw.js';
import { assemble, checkSize, documentOf, NULL, show, toDocument } from '../bson/values.js';
import { MongoFault } from '../errors.js';
import { parsePath, visitPath } from '../query/path.js';
import type { Collection, IndexSpec } from './catalog.js';
import {
  documentKeys,
  entryKey,
  idOf,
  isLongId,
  lengthValue,
  NO_KEYS,
  primaryKey,
  type DocumentKeys,
} from './index-keys.js';
import type { View } from './view.js';

export const ID_INDEX = toDocument({ _id: 1 });

/** E11000 in the words and with the fields of the real server. */
function duplicateKey(
  collection: Collection,
  name: string,
  keyPattern: RawValue,
  raw: Buffer,
): MongoFault {
  const values = keyPattern.entries().map(([path]) => [path, firstValue(raw, path)] as const);
  const shown = values.map(([path, value]) => `${path}: ${show(value)}`).join(', ');
  return new MongoFault(
    11000,
    `E11000 duplicate key error collection: ${collection.namespace} index: ${name} dup key: { ${shown} }`,
    { keyPattern, keyValue: documentOf(values) },
  );
}

function firstValue(raw: Buffer, path: string): RawValue {
  let result = NULL;
  visitPath(documentValue(raw), parsePath(path), (value) => {
    if (value.type !== BsonType.missing) result = value;
    return true;
  });
  return result;
}

const ID_NAME = Buffer.from('_id');

/** The document with its `_id` first, made up if it has none; refuses what cannot be an `_id`. */
export function withId(raw: Buffer): Buffer {
  const reader = new ElementReader(raw, 0);
  let position = 0;
  while (reader.next()) {
    if (reader.nameIs(ID_NAME)) {
      checkId(reader.value());
      if (position === 0) return raw;
      const { elementStart, end } = reader;
      return assemble([
        raw.subarray(elementStart, end),
        raw.subarray(4, elementStart),
        raw.subarray(end, raw.length - 1),
      ]);
    }
    position += 1;
  }
  const id = Buffer.concat([Buffer.from([BsonType.objectId]), ID_NAME, Buffer.alloc(1)]);
  return assemble([id, new ObjectId().id, raw.subarray(4, raw.length - 1)]);
}

const UNFIT_IDS: Readonly<Record<number, string>> = {
  [BsonType.array]: 'array',
  [BsonType.regex]: 'regex',
  [BsonType.undefined]: 'undefined',
};

function checkId(id: RawValue): void {
  const name = UNFIT_IDS[id.type];
  if (name !== undefined) {
    throw new MongoFault(2, `The '_id' value cannot be of type ${name}`);
  }
  if (id.type === BsonType.object) checkIdFields(id);
}

const REFERENCE_FIELDS = new Set(['$ref', '$id', '$db']);

function checkIdFields(object: RawValue): void {
  const reader = new ElementReader(object.buf, object.start);
  while (reader.next()) {
    const { name } = reader;
    if (name.startsWith('$') && !REFERENCE_FIELDS.has(name)) {
      throw new MongoFault(
        52,
        `_id fields may not contain '$'-prefixed fields: ${name} is not valid for storage.`,
      );
    }
    if (reader.type === BsonType.object) checkIdFields(reader.value());
  }
}

interface IndexWrite {
  readonly index: IndexSpec;
  readonly before: DocumentKeys;
  readonly after: DocumentKeys;
  /** Whole entries that are new. They are made, and thereby checked, before anything is written. */
  readonly added: readonly Buffer[];
}

const has = (keys: DocumentKeys, wanted: Buffer): boolean =>
  keys.keys.some((key) => key.equals(wanted));

function checkUnique(view: View, collection: Collection, write: IndexWrite, raw: Buffer): void {
  if (!write.index.unique) return;
  for (const key of write.added) {
    if (view.get(key) !== undefined) {
      throw duplicateKey(collection, write.index.name, write.index.key, raw);
    }
  }
}

function applyIndexWrite(
  view: View,
  collection: Collection,
  write: IndexWrite,
  primary: Buffer,
): void {
  const { index, before, after, added } = write;
  if ((after.multikey && !index.multikey) || (after.long && !index.long)) {
    index.multikey ||= after.multikey;
    index.long ||= after.long;
    collection.dirty = true;
  }
  for (const key of before.keys) {
    if (!has(after, key)) removeEntry(view, index, key, primary);
  }
  for (const entry of added) {
    const value = index.unique ? primary.subarray(4) : lengthValue(primary);
    if (index.unique) view.claim(entry);
    view.put(entry, value);
    view.account(index.treeId, { entries: 1, keyBytes: entry.length, valueBytes: value.length });
  }
}

function removeEntry(view: View, index: IndexSpec, key: Buffer, primary: Buffer): void {
  const entry = index.unique ? key : entryKey(key, primary);
  if (index.unique) view.claim(entry);
  view.remove(entry);
  const valueBytes = index.unique ? primary.length - 4 : 2;
  view.account(index.treeId, { entries: -1, keyBytes: -entry.length, valueBytes: -valueBytes });
}

function indexWrite(
  index: IndexSpec,
  primary: Buffer,
  before: DocumentKeys,
  after: DocumentKeys,
): IndexWrite {
  const keys = after.keys.filter((key) => !has(before, key));
  const added = index.unique ? keys : keys.map((key) => entryKey(key, primary));
  return { index, before, after, added };
}

function writeIndexes(
  view: View,
  collection: Collection,
  primary: Buffer,
  before: Buffer | undefined,
  after: Buffer,
): void {
  const writes = collection.indexes.map((index) =>
    indexWrite(
      index,
      primary,
      before === undefined ? NO_KEYS : documentKeys(before, index),
      documentKeys(after, index),
    ),
  );
  for (const write of writes) checkUnique(view, collection, write, after);
  for (const write of writes) applyIndexWrite(view, collection, write, primary);
}

/** Stores a new document. All unique indexes are checked before anything is written. */
export function insertDocument(view: View, collection: Collection, document: Buffer): Buffer {
  const raw = checkSize(withId(document));
  const id = idOf(raw);
  const primary = primaryKey(collection.treeId, id);
  view.claim(primary);
  if (view.get(primary) !== undefined) throw duplicateKey(collection, '_id_', ID_INDEX, raw);
  writeIndexes(view, collection, primary, undefined, raw);
  view.put(primary, raw);
  account(view, collection, 1, primary, raw.length);
  if (!collection.longIds && isLongId(id)) {
    collection.longIds = true;
    collection.dirty = true;
  }
  return raw;
}

function account(
  view: View,
  { treeId }: Collection,
  entries: number,
  primary: Buffer,
  valueBytes: number,
): void {
  view.account(treeId, { entries, keyBytes: entries * primary.length, valueBytes });
}

/** Replaces a stored document by another with the same `_id`; untouched index entries stay. */
export function replaceDocument(
  view: View,
  collection: Collection,
  primary: Buffer,
  before: Buffer,
  after: Buffer,
): void {
  checkSize(after);
  view.claim(primary);
  writeIndexes(view, collection, primary, before, after);
  view.put(primary, after);
  account(view, collection, 0, primary, after.length - before.length);
}

export function removeDocument(
  view: View,
  collection: Collection,
  primary: Buffer,
  raw: Buffer,
): void {
  view.claim(primary);
  for (const index of collection.indexes) {
    for (const key of documentKeys(raw, index).keys) removeEntry(view, index, key, primary);
  }
  view.remove(primary);
  account(view, collection, -1, primary, -raw.length);
}

/** Enters one stored document into an index that is being built. */
export function indexDocument(
  view: View,
  collection: Collection,
  index: IndexSpec,
  primary: Buffer,
  raw: Buffer,
): void {
  const write = indexWrite(index, primary, NO_KEYS, documentKeys(raw, index));
  checkUnique(view, collection, write, raw);
  applyIndexWrite(view, collection, write, primary);
}
