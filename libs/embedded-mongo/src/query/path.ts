import { BsonType, ElementReader, findField, type RawValue } from '../bson/raw.js';

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

const MISSING: RawValue = { buf: Buffer.alloc(0), type: BsonType.missing, start: 0, end: 0 };

/** Called for every value a path leads to; answers true to stop the walk. */
export type Visit = (value: RawValue) => boolean;

/**
 * Visits the values `path` leads to, going through arrays on the way as queries do: into each
 * element that is a document, and to the element with that number. A missing field is visited as
 * type 0. Arrays at the end of the path are handed over whole. True when a visit answered true.
 */
export function visitPath(
  buf: Buffer,
  docStart: number,
  path: Path,
  visit: Visit,
  at = 0,
): boolean {
  const found = findField(buf, docStart, path.segments[at] as Buffer);
  return step(found ?? MISSING, path, visit, at);
}

function step(value: RawValue, path: Path, visit: Visit, at: number): boolean {
  if (at === path.segments.length - 1) return visit(value);
  if (value.type === BsonType.object) {
    return visitPath(value.buf, value.start, path, visit, at + 1);
  }
  if (value.type === BsonType.array) return throughArray(value, path, visit, at + 1);
  return visit(MISSING);
}

function throughArray(array: RawValue, path: Path, visit: Visit, at: number): boolean {
  if (path.numeric[at] === true) {
    const element = findField(array.buf, array.start, path.segments[at] as Buffer);
    if (element !== undefined && step(element, path, visit, at)) return true;
  }
  const reader = new ElementReader(array.buf, array.start);
  while (reader.next()) {
    if (reader.type !== BsonType.object) continue;
    if (visitPath(array.buf, reader.start, path, visit, at)) return true;
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
