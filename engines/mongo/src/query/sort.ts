import { badValue, notImplemented } from '../bson/errors.js';
import { NULL_KEY, writeKey } from '../bson/key-encoding.js';
import { KeyWriter } from '../bson/key-writer.js';
import type { RawValue } from '../bson/raw.js';
import { parsePath, valueAt, type Path } from './path.js';

export interface SortField {
  readonly path: Path;
  readonly descending: boolean;
}

export function parseSort(sort: RawValue | undefined): SortField[] {
  const fields = sort?.entries() ?? [];
  return fields.map(([path, direction]) => {
    const order = direction.number;
    if (order === undefined) throw notImplemented('a sort by anything but 1 or -1');
    if (order !== 1 && order !== -1) {
      throw badValue('$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    }
    if (path.startsWith('$')) throw notImplemented(`a sort by ${path}`);
    if (path === '') throw badValue("FieldPath field names may not be ''");
    return { path: parsePath(path), descending: order === -1 };
  });
}

const writer = new KeyWriter();

/** Appends the encoding of a value by which documents stand in an order; a missing one is null there. */
export function writeOrderKey(to: KeyWriter, value: RawValue, descending: boolean): void {
  const from = to.length;
  if (value.isMissing) to.bytes(NULL_KEY);
  else writeKey(to, value.buf, value.type, value.start, value.end);
  if (descending) to.invertFrom(from);
}

/** Builds the byte key by which documents sort. */
export const sortKeyer =
  (sort: readonly SortField[]) =>
  (document: RawValue): Buffer => {
    writer.reset();
    for (const { path, descending } of sort) {
      writeOrderKey(writer, valueAt(document, path, 'a sort'), descending);
    }
    return writer.take();
  };
