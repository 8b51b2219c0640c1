import { notImplemented } from '../bson/errors.js';
import { BsonType, ElementReader, findField, MISSING, type RawValue } from '../bson/raw.js';

/** A dotted field path, split once; each segment as the bytes of its name. */
export interface Path {
  readonly text: string;
  readonly segments: readonly Buffer[];
  readonly numeric: readonly boolean[];
}

export function parsePath(text: string): Path {
  const names = text.split('.');
  return {
    text,
    segments: names.map((name) => Buffer.from(name, 'utf8')),
    numeric: names.map((name) => /^\d+$/.test(name)),
  };
}

/** Called for every value a path leads to; answers true to stop the walk. */
export type Visit = (value: RawValue) => boolean;

/**
 * Visits the values `path` leads to from a value, going through arrays on the way as queries do: into
 * each element that is a document, and to the element with that number. A missing field is visited
 * as type 0. Arrays at the end of the path are handed over whole. True when a visit answered true.
 */
export function visitPath(value: RawValue, path: Path, visit: Visit, at = 0): boolean {
  if (at === path.segments.length) return visit(value);
  if (value.type === BsonType.object) return intoField(value, path, visit, at);
  if (value.type === BsonType.array && at > 0) return throughArray(value, path, visit, at);
  return visit(MISSING);
}

function intoField(document: RawValue, path: Path, visit: Visit, at: number): boolean {
  const found = findField(document.buf, document.start, path.segments[at] as Buffer);
  return visitPath(found ?? MISSING, path, visit, at + 1);
}

function throughArray(array: RawValue, path: Path, visit: Visit, at: number): boolean {
  if (path.numeric[at] === true) {
    const element = findField(array.buf, array.start, path.segments[at] as Buffer);
    if (element !== undefined && visitPath(element, path, visit, at + 1)) return true;
  }
  const reader = new ElementReader(array.buf, array.start);
  while (reader.next()) {
    if (reader.type !== BsonType.object) continue;
    if (intoField(reader.value(), path, visit, at)) return true;
  }
  return false;
}

/** Visits each element of an array value, then the array itself; any other value once. */
export function visitElements(value: RawValue, visit: Visit): boolean {
  if (value.type === BsonType.array) {
    const reader = new ElementReader(value.buf, value.start);
    while (reader.next()) {
      if (visit(reader.value())) return true;
    }
  }
  return visit(value);
}

/**
 * The one value at a path, for what puts documents in an order by it.
 *
 * @param use what that is, for the refusal of an array, which would have several places in the order
 */
export function valueAt(document: RawValue, path: Path, use: string): RawValue {
  let value = document;
  for (const segment of path.segments) {
    if (value.type !== BsonType.object) return MISSING;
    value = findField(value.buf, value.start, segment) ?? MISSING;
    if (value.type === BsonType.array) {
      throw notImplemented(`${use} of '${path.text}', which holds an array in a document`);
    }
  }
  return value;
}
