import { checkSize } from '../bson/values.js';
import type { Collection, IndexSpec } from './catalog.js';
import { withId } from './document-id.js';
import { duplicateKey, ID_INDEX } from './duplicate-key.js';
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
