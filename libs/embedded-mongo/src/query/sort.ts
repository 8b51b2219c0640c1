import { encodeRaw, NULL_KEY } from '../bson/key-encoding.js';
import { KeyWriter } from '../bson/key-writer.js';
import { BsonType, ElementReader, type RawValue } from '../bson/raw.js';

import { badValue, notImplemented } from '../errors.js';
import { parsePath, visitPath, type Path } from './path.js';

export interface SortField {
  readonly path: string;
  readonly descending: boolean;
}

export function parseSort(sort: RawValue | undefined): SortField[] {
  if (sort === undefined) return [];
  return sort.entries().map(([path, direction]) => {
    const order = direction.number;
    if (order === undefined) throw notImplemented('a sort by anything but 1 or -1');
    if (order !== 1 && order !== -1) {
      throw badValue('$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    }
    if (path === '' || path.startsWith('$'))
      throw badValue(`FieldPath field names may not be '${path}'`);
    return { path, descending: order === -1 };
  });
}

const writer = new KeyWriter();

/** An empty array sorts before null. */
const EMPTY_ARRAY = Buffer.from([0x03]);

/** Arrays sort by their smallest element ascending, by their largest descending. */
function extreme(document: RawValue, path: Path, descending: boolean): Buffer {
  let best: Buffer | undefined;
  const offer = (key: Buffer): void => {
    const better =
      best === undefined || (descending ? key.compare(best) > 0 : key.compare(best) < 0);
    if (better) best = key;
  };
  visitPath(document, path, (value) => {
    if (value.type === BsonType.missing) offer(NULL_KEY);
    else if (value.type !== BsonType.array) offer(encodeRaw(value));
    else {
      const reader = new ElementReader(value.buf, value.start);
      let empty = true;
      for (; reader.next(); empty = false) offer(encodeRaw(reader.value()));
      if (empty) offer(EMPTY_ARRAY);
    }
    return false;
  });
  return best ?? NULL_KEY;
}

/** Builds the byte key by which documents sort. */
export function sortKeyer(sort: readonly SortField[]): (document: RawValue) => Buffer {
  const fields = sort.map(({ path, descending }) => ({ path: parsePath(path), descending }));
  return (document) => {
    writer.reset();
    for (const { path, descending } of fields) {
      const key = extreme(document, path, descending);
      const from = writer.length;
      writer.bytes(key);
      if (descending) writer.invertFrom(from);
    }
    return writer.take();
  };
}
