import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';

/* The layout of LMDB's file: two meta pages, of which the one of the later transaction counts. */
const PAGE_HEADER_BYTES = 24;
const META_BYTES = 200;
const MAGIC = 0xbeefc0de;
/** Places within a page. */
const MAGIC_AT = PAGE_HEADER_BYTES;
const PAGE_SIZE_AT = PAGE_HEADER_BYTES + 24;
const FREE_ROOT_AT = PAGE_SIZE_AT + 40;
const MAIN_ROOT_AT = FREE_ROOT_AT + 48;
const LAST_PAGE_AT = MAIN_ROOT_AT + 8;
const TRANSACTION_AT = LAST_PAGE_AT + 8;
/** The root of a tree without entries. */
const NO_PAGE = 2n ** 64n - 1n;

/** The data file is no file of LMDB, or its end is missing. */
class DamagedFileError extends Error {
  readonly code = 'damaged_file';

  constructor(file: string, why: string) {
    super(`${file} is damaged (${why}); put a backup of the data directory in its place`);
    this.name = 'DamagedFileError';
  }
}

/**
 * Looks at a data file before LMDB maps it: touching a page behind its end would end the process by a
 * signal. Pages at the end that are free may never have been written; the file is made as long as it says.
 *
 * @throws DamagedFileError when it is no data file, or the root of a tree is missing
 */
export function checkDataFile(file: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    const { size } = fstatSync(descriptor);
    if (size > 0) checkPages(file, descriptor, size);
  } finally {
    closeSync(descriptor);
  }
}

function checkPages(file: string, descriptor: number, sizeBytes: number): void {
  const first = readMeta(descriptor, 0);
  const pageBytes = first?.readUInt32LE(PAGE_SIZE_AT) ?? 0;
  const second = readMeta(descriptor, pageBytes);
  if (first === undefined || second === undefined) {
    throw new DamagedFileError(file, 'it does not begin as a data file does');
  }
  const isSecond = transactionOf(second) > transactionOf(first);
  const meta = isSecond ? second : first;
  for (const at of [FREE_ROOT_AT, MAIN_ROOT_AT]) {
    const root = meta.readBigUInt64LE(at);
    if (root !== NO_PAGE && (Number(root) + 1) * pageBytes > sizeBytes) {
      throw new DamagedFileError(file, `its end is missing after ${sizeBytes} bytes`);
    }
  }
  const fullBytes = (Number(meta.readBigUInt64LE(LAST_PAGE_AT)) + 1) * pageBytes;
  if (sizeBytes < fullBytes) ftruncateSync(descriptor, fullBytes);
}

const transactionOf = (meta: Buffer): bigint => meta.readBigUInt64LE(TRANSACTION_AT);

/** A meta page, if there is one. */
function readMeta(descriptor: number, at: number): Buffer | undefined {
  const meta = Buffer.alloc(META_BYTES);
  const isWhole = readSync(descriptor, meta, 0, META_BYTES, at) === META_BYTES;
  return isWhole && meta.readUInt32LE(MAGIC_AT) === MAGIC ? meta : undefined;
}
