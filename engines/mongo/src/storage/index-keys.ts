import { createHash } from 'node:crypto';
import { successor } from '../bson/key-encoding.js';
import { KeyWriter } from '../bson/key-writer.js';
import { documentValue } from '../bson/raw.js';
import { valueAt } from '../query/path.js';
import { writeOrderKey } from '../query/sort.js';
import type { IndexSpec } from './collection.js';
import type { KeyRange } from './view.js';

/*
 * The tree of an index holds, by the values of its fields, the ids of documents; that of the `_id` holds
 * the documents. All trees lie in one table of LMDB, each behind its number.
 *
 * LMDB keys have at most 1,978 bytes, values have any length. A value whose encoding is longer than its
 * share of a key stands in it by its beginning and a hash: equal values still have equal keys, and
 * values that differ in their beginnings sort as they should. Among those that do not, only the
 * documents tell; so an index that holds such a value serves no order, and every document is tested.
 */

/** SHA-256, cut to 192 bits. */
const HASH_BYTES = 24;
const TREE_BYTES = 4;

export function treePrefix(treeId: number): Buffer {
  const prefix = Buffer.allocUnsafe(TREE_BYTES);
  prefix.writeUInt32BE(treeId);
  return prefix;
}

export function treeRange(treeId: number): KeyRange {
  const start = treePrefix(treeId);
  return { start, end: successor(start) };
}

/** An encoded value within its share of a key. */
export function shortened(encoded: Buffer, share: number): Buffer {
  if (encoded.length <= share) return encoded;
  const hash = createHash('sha256').update(encoded).digest().subarray(0, HASH_BYTES);
  return Buffer.concat([encoded.subarray(0, share - HASH_BYTES), hash]);
}

/** The range of keys that holds the values of a range, and perhaps others of the same beginnings. */
export function shortenedRange({ start, end }: KeyRange, share: number): KeyRange {
  const most = share - HASH_BYTES;
  return {
    start: start.length > most ? start.subarray(0, most) : start,
    end: end.length > most ? successor(end.subarray(0, most)) : end,
  };
}

const writer = new KeyWriter();

export interface IndexKey {
  /** The number of the tree and the encoded fields. */
  readonly key: Buffer;
  /** A value in it is shortened. */
  readonly long: boolean;
}

/** The key of a document in an index; undefined when a partial index leaves it out. */
export function indexKey(raw: Buffer, index: IndexSpec): IndexKey | undefined {
  const document = documentValue(raw);
  if (index.partial?.match(document) === false) return undefined;
  let long = false;
  writer.reset().uint32(index.treeId);
  for (const { path, descending } of index.fields) {
    const from = writer.length;
    writeOrderKey(writer, valueAt(document, path, 'an index'), false);
    if (writer.length - from > index.share) {
      long = true;
      const short = shortened(Buffer.from(writer.peek().subarray(from)), index.share);
      writer.length = from;
      writer.bytes(short);
    }
    if (descending) writer.invertFrom(from);
  }
  return { key: writer.take(), long };
}

export interface IndexEntry extends IndexKey {
  readonly value: Buffer;
}

/**
 * The entry of a document in an index. A unique one has the encoded `_id` as its value; in others the key
 * ends with it, and the value tells its length.
 *
 * @param primary the document's key in the tree of the `_id`
 */
export function indexEntry(raw: Buffer, index: IndexSpec, primary: Buffer): IndexEntry | undefined {
  const own = indexKey(raw, index);
  const id = primary.subarray(TREE_BYTES);
  if (own === undefined || index.unique) return own && { ...own, value: id };
  const value = Buffer.allocUnsafe(2);
  value.writeUInt16BE(id.length);
  return { key: Buffer.concat([own.key, id]), long: own.long, value };
}

/** The key in the tree of the `_id` that an entry points at. */
export function primaryKeyOf(
  treeId: number,
  { unique }: IndexSpec,
  key: Buffer,
  value: Buffer,
): Buffer {
  const id = unique ? value : key.subarray(key.length - value.readUInt16BE(0));
  return Buffer.concat([treePrefix(treeId), id]);
}
