import { createHash } from 'node:crypto';
import { successor } from '../bson/key-encoding.js';
import type { KeyRange } from './view.js';

/*
 * LMDB keys have at most 1,978 bytes, values have any length. A value whose encoding is longer than its
 * share of a key stands in it by its beginning and a hash: equal values still have equal keys, and
 * values that differ in their beginnings sort as they should. Among those that do not, only the
 * documents tell; so an index that holds such a value serves no order, and look-ups test the document.
 */

/** What the encoded `_id` may take in a primary key, and at the end of an index entry. */
export const ID_BYTES = 600;
/** What the fields of an index have together, beside the tree's number and the `_id`. */
const FIELDS_BYTES = 1_360;
/** SHA-256, cut to 192 bits. */
const HASH_BYTES = 24;

/** The share of each field of an index with so many fields. */
export const fieldShare = (fields: number): number => Math.floor(FIELDS_BYTES / fields);

const hash = (encoded: Buffer): Buffer =>
  createHash('sha256').update(encoded).digest().subarray(0, HASH_BYTES);

/** An encoded value within its share. */
export function shortened(encoded: Buffer, share: number): Buffer {
  if (encoded.length <= share) return encoded;
  return Buffer.concat([encoded.subarray(0, share - HASH_BYTES), hash(encoded)]);
}

/**
 * The range of keys that holds the values of a range, and perhaps others of the same beginnings.
 *
 * @param mixed whether shortened values may be among the keys
 */
export function shortenedRange(range: KeyRange, share: number, mixed: boolean): KeyRange {
  const beginning = share - HASH_BYTES;
  const cuts = (bound: Buffer): boolean => bound.length > (mixed ? beginning : share);
  return {
    start: cuts(range.start) ? range.start.subarray(0, beginning) : range.start,
    end: cuts(range.end) ? successor(range.end.subarray(0, beginning)) : range.end,
  };
}
