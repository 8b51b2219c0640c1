import { deserialize, serialize } from 'bson';
import { MongoFault } from './errors.js';
import { BsonType, ElementReader, RawValue } from './raw.js';
import { invalid } from './types.js';

/*
 * Values stay as the client wrote them, in BSON: their types, and the order of fields whatever their
 * names, which JavaScript objects do not keep ('10' comes before 'a' in them).
 */

export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** Refuses what the server would not store. */
export function checkSize(raw: Buffer): Buffer {
  if (raw.length <= MAX_DOCUMENT_BYTES) return raw;
  throw new MongoFault(
    10334,
    `BSONObj size: ${raw.length} is invalid. Size must be between 0 and ${MAX_DOCUMENT_BYTES}`,
  );
}

/** A length-prefixed BSON document from already encoded elements. */
export function assemble(elements: readonly Uint8Array[]): Buffer {
  let size = 5;
  for (const element of elements) size += element.length;
  const out = Buffer.allocUnsafe(size);
  out.writeInt32LE(size, 0);
  let at = 4;
  for (const element of elements) {
    out.set(element, at);
    at += element.length;
  }
  out[at] = 0;
  return out;
}

const NAME_END = Buffer.alloc(1);

const elementHead = (type: number, name: string): Buffer => {
  const head = Buffer.allocUnsafe(Buffer.byteLength(name) + 2);
  head[0] = type;
  head[1 + head.write(name, 1)] = 0;
  return head;
};

/** A document with these fields; those that are missing are left out. */
export function documentOf(entries: Iterable<readonly [string, RawValue]>): RawValue {
  const parts: Buffer[] = [];
  for (const [name, value] of entries) {
    if (value.type !== BsonType.missing) parts.push(elementHead(value.type, name), value.bytes);
  }
  const raw = assemble(parts);
  return new RawValue(raw, BsonType.object, 0, raw.length);
}

export function arrayOf(values: readonly RawValue[]): RawValue {
  const { buf, end } = documentOf(values.map((value, at) => [String(at), value] as const));
  return new RawValue(buf, BsonType.array, 0, end);
}

const whole = (type: number, buf: Buffer): RawValue => new RawValue(buf, type, 0, buf.length);

export const NULL = whole(BsonType.null, Buffer.alloc(0));

export function int32(value: number): RawValue {
  const buf = Buffer.allocUnsafe(4);
  buf.writeInt32LE(value);
  return whole(BsonType.int32, buf);
}

export function int64(value: bigint): RawValue {
  const buf = Buffer.allocUnsafe(8);
  buf.writeBigInt64LE(value);
  return whole(BsonType.int64, buf);
}

export function double(value: number): RawValue {
  const buf = Buffer.allocUnsafe(8);
  buf.writeDoubleLE(value);
  return whole(BsonType.double, buf);
}

function text(value: string): RawValue {
  const length = Buffer.byteLength(value);
  const buf = Buffer.allocUnsafe(length + 5);
  buf.writeInt32LE(length + 1);
  buf.write(value, 4);
  buf[length + 4] = 0;
  return whole(BsonType.string, buf);
}

function isRecord(value: object): value is Record<string, unknown> {
  return Object.getPrototypeOf(value) === Object.prototype;
}

/** What the server itself says, in BSON; values that are BSON already go in as they are. */
function toValue(value: unknown): RawValue {
  if (value instanceof RawValue) return value;
  if (value === undefined) return whole(BsonType.missing, Buffer.alloc(0));
  if (value === null) return NULL;
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') {
    return Number.isInteger(value) && Math.abs(value) < 0x7fffffff ? int32(value) : double(value);
  }
  if (typeof value === 'bigint') return int64(value);
  if (Array.isArray(value)) return arrayOf(value.map(toValue));
  if (typeof value === 'object' && isRecord(value)) return toDocument(value);
  const bytes = Buffer.from(serialize({ v: value }));
  return new RawValue(bytes, bytes[4] as number, 7, bytes.length - 1);
}

export const toDocument = (fields: Readonly<Record<string, unknown>>): RawValue =>
  documentOf(Object.entries(fields).map(([name, value]) => [name, toValue(value)] as const));

/** A value for people, in a message. */
export function show(value: RawValue): string {
  if (value.type === BsonType.missing) return 'null';
  const raw = assemble([Buffer.from([value.type, 0x76]), NAME_END, value.bytes]);
  const { v } = deserialize(raw, { validation: { utf8: false } }) as { readonly v: unknown };
  return JSON.stringify(v);
}

/** Checks that the lengths in a document agree with one another, at every depth. */
export function checkDocument(buf: Buffer): void {
  if (buf.length < 5 || buf.readInt32LE(0) !== buf.length || buf[buf.length - 1] !== 0)
    throw invalid();
  checkElements(buf, 0, 0);
}

/** As deep as the server lets documents nest. */
const MAX_DEPTH = 200;

function checkElements(buf: Buffer, start: number, depth: number): void {
  if (depth > MAX_DEPTH) throw new MongoFault(15, `documents nest deeper than ${MAX_DEPTH} levels`);
  const reader = new ElementReader(buf, start);
  while (reader.next()) {
    if (reader.type !== BsonType.object && reader.type !== BsonType.array) continue;
    if (reader.end - reader.start < 5 || buf[reader.end - 1] !== 0) throw invalid();
    checkElements(buf, reader.start, depth + 1);
  }
}
