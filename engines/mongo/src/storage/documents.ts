import { MongoFault } from '../bson/errors.js';
import { documentValue } from '../bson/raw.js';
import { checkSize, documentOf, NULL, show } from '../bson/values.js';
import { valueAt } from '../query/path.js';
import type { Collection, IndexSpec } from './collection.js';
import { withId } from './document-id.js';
import { indexEntry, indexKey, type IndexEntry, type IndexKey } from './index-keys.js';
import type { View } from './view.js';

interface IndexChange {
  readonly index: IndexSpec;
  readonly before: IndexEntry | undefined;
  readonly after: IndexEntry | undefined;
}

/** Stores a new document. All unique indexes are checked before anything is written. */
export function insertDocument(view: View, collection: Collection, document: Buffer): Buffer {
  const raw = checkSize(withId(document));
  const primary = primaryOf(collection, raw);
  view.claim(primary);
  if (view.get(primary) !== undefined) throw duplicateKey(collection, collection.id, raw);
  writeIndexes(view, collection, primary, undefined, raw);
  view.put(primary, raw);
  return raw;
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
}

export function removeDocument(
  view: View,
  collection: Collection,
  primary: Buffer,
  raw: Buffer,
): void {
  view.claim(primary);
  writeIndexes(view, collection, primary, raw, undefined);
  view.remove(primary);
}

/** Enters one stored document into an index that is being built. */
export function enterDocument(
  view: View,
  collection: Collection,
  index: IndexSpec,
  primary: Buffer,
  raw: Buffer,
): void {
  const change = { index, before: undefined, after: indexEntry(raw, index, primary) };
  checkUnique(view, collection, change, raw);
  apply(view, collection, change);
}

function primaryOf(collection: Collection, raw: Buffer): Buffer {
  const { key, long } = indexKey(raw, collection.id) as IndexKey;
  noteLong(collection, collection.id, long);
  return key;
}

function writeIndexes(
  view: View,
  collection: Collection,
  primary: Buffer,
  before: Buffer | undefined,
  after: Buffer | undefined,
): void {
  // They are all made, and checked, before anything is written.
  const changes = collection.indexes
    .map((index) => ({
      index,
      before: before && indexEntry(before, index, primary),
      after: after && indexEntry(after, index, primary),
    }))
    .filter((one) => one.before === undefined || one.after?.key.equals(one.before.key) !== true);
  for (const change of changes) checkUnique(view, collection, change, after);
  for (const change of changes) apply(view, collection, change);
}

function checkUnique(
  view: View,
  collection: Collection,
  { index, after }: IndexChange,
  raw: Buffer | undefined,
): void {
  if (!index.unique || after === undefined || raw === undefined) return;
  if (view.get(after.key) !== undefined) throw duplicateKey(collection, index, raw);
}

function apply(view: View, collection: Collection, { index, before, after }: IndexChange): void {
  if (before !== undefined) {
    if (index.unique) view.claim(before.key);
    view.remove(before.key);
  }
  if (after !== undefined) {
    if (index.unique) view.claim(after.key);
    view.put(after.key, after.value);
    noteLong(collection, index, after.long);
  }
}

function noteLong(collection: Collection, index: IndexSpec, long: boolean): void {
  if (!long || index.long) return;
  index.long = true;
  collection.dirty = true;
}

/** E11000 in the words and with the fields of the real server. */
function duplicateKey(
  { namespace }: Collection,
  { name, key, fields }: IndexSpec,
  raw: Buffer,
): MongoFault {
  const document = documentValue(raw);
  const values = fields.map(({ path }) => {
    const value = valueAt(document, path, 'an index');
    return [path.text, value.isMissing ? NULL : value] as const;
  });
  const shown = values.map(([path, value]) => `${path}: ${show(value)}`).join(', ');
  return new MongoFault(
    11000,
    `E11000 duplicate key error collection: ${namespace} index: ${name} dup key: { ${shown} }`,
    { keyPattern: key, keyValue: documentOf(values) },
  );
}
