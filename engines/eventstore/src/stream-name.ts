import { createHash } from 'node:crypto';
import { MAX_NAME_BYTES } from './record.js';

export const METASTREAM_PREFIX = '$$';
/** LMDB keys are limited; longer names are found by a digest behind a byte that UTF-8 never has. */
const LONGEST_PLAIN_KEY_BYTES = 1024;
const DIGEST_MARK = Buffer.from([0xff]);

export const METADATA_EVENT_TYPE = '$metadata';
export const TOMBSTONE_EVENT_TYPE = '$streamDeleted';

export function isMetastream(name: string): boolean {
  return name.startsWith(METASTREAM_PREFIX);
}

export function metastreamOf(name: string): string {
  return METASTREAM_PREFIX + name;
}

export function streamOfMetastream(name: string): string {
  return name.slice(METASTREAM_PREFIX.length);
}

/** What is wrong with the name of a stream that is to be written to. */
export function streamNameFault(name: string): string | undefined {
  if (name === '' || name === METASTREAM_PREFIX) return 'The stream name is empty.';
  return Buffer.byteLength(name) > MAX_NAME_BYTES ? 'The stream name is too long.' : undefined;
}

/** The key of a stream in the table of streams. */
export function streamKey(name: string): Buffer {
  const key = Buffer.from(name, 'utf8');
  if (key.length <= LONGEST_PLAIN_KEY_BYTES) return key;
  return Buffer.concat([DIGEST_MARK, createHash('sha256').update(key).digest()]);
}
