import {
  BSONRegExp,
  calculateObjectSize,
  deserialize,
  Double,
  Int32,
  Long,
  serialize,
  type Document,
} from 'bson';
import { MongoFault } from '../errors.js';
import { toRawValue } from './key-encoding.js';
import { assemble, type RawValue } from './raw.js';

export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** What surely fits in the buffer that `serialize` of bson writes to. */
const ENCODER_BYTES = 17 * 1024 * 1024 - 1024;

const BOXED = {
  promoteValues: false,
  promoteLongs: false,
  promoteBuffers: false,
  bsonRegExp: true,
  validation: { utf8: false },
} as const;

const PLAIN = {
  promoteValues: true,
  promoteLongs: true,
  promoteBuffers: false,
  bsonRegExp: false,
  validation: { utf8: false },
} as const;

/** Decodes keeping every BSON type apart (Int32, Long and Double stay objects). */
export const decodeBoxed = (raw: Uint8Array): Document => deserialize(raw, BOXED);

/** Decodes to plain JavaScript values, for expressions; Longs beyond 2^53 stay objects. */
export const decodePlain = (raw: Uint8Array): Document => deserialize(raw, PLAIN);

/** Encodes a document; refuses one that the encoder's buffer of 17 MiB cannot hold. */
export function encode(document: Document): Buffer {
  const bytes = serializeWithin(document);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** `serialize` cuts off what goes beyond its buffer, or throws a RangeError there. */
function serializeWithin(document: Document): Uint8Array {
  try {
    const bytes = serialize(document, { ignoreUndefined: true });
    if (bytes.length < ENCODER_BYTES) return bytes;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw tooLarge(calculateObjectSize(document, { ignoreUndefined: true }));
}

const tooLarge = (size: number): MongoFault =>
  new MongoFault(
    10334,
    `BSONObj size: ${size} is invalid. Size must be between 0 and ${MAX_DOCUMENT_BYTES}`,
  );

/** Refuses what the server would not store. */
export function checkSize(raw: Buffer): Buffer {
  if (raw.length > MAX_DOCUMENT_BYTES) {
    throw tooLarge(raw.length);
  }
  return raw;
}

export const sizeOf = (document: Document): number => calculateObjectSize(document);

const wrap = (value: RawValue): Buffer =>
  assemble([Buffer.from([value.type, 0x76, 0]), value.buf.subarray(value.start, value.end)]);

/** Decodes one raw value, keeping its type; a missing value is `undefined`. */
export const decodeValue = (value: RawValue): unknown =>
  value.type === 0 ? undefined : (decodeBoxed(wrap(value)).v as unknown);

/** A value with all number wrappers taken off, as expressions expect it. */
export const unbox = (value: unknown): unknown => {
  const raw = toRawValue(value);
  return raw.type === 0 ? undefined : (decodePlain(wrap(raw)).v as unknown);
};

/** Whole numbers beyond 32 bits become Longs again, as the server computes them. */
export function box(value: unknown): unknown {
  if (typeof value === 'number') {
    const isLong = Number.isSafeInteger(value) && Math.abs(value) > 0x7fffffff;
    return isLong ? Long.fromNumber(value) : value;
  }
  if (Array.isArray(value)) return value.map(box);
  if (isPlainObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, box(field)]));
  }
  return value;
}

export function isPlainObject(value: unknown): value is Document {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The number in a boxed or plain numeric value, or undefined for anything else. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (value instanceof Int32 || value instanceof Double) return value.value;
  if (value instanceof Long) return value.toNumber();
  return undefined;
}

/** What the server takes for true in an option: true, or a number other than zero. */
export function asBoolean(value: unknown): boolean {
  return value === true || (asNumber(value) ?? 0) !== 0;
}

/** Compiles a BSON or JavaScript regular expression; PCRE-only options are refused. */
export function toRegExp(value: unknown, options?: string): RegExp {
  if (value instanceof RegExp && options === undefined) return value;
  const source =
    value instanceof BSONRegExp
      ? value.pattern
      : value instanceof RegExp
        ? value.source
        : typeof value === 'string'
          ? value
          : undefined;
  if (source === undefined) throw new MongoFault(2, '$regex has to be a string');
  const flags = options ?? (value instanceof BSONRegExp ? value.options : '');
  if (/[^imsu]/.test(flags)) throw new MongoFault(51091, `invalid flag in regex options: ${flags}`);
  try {
    return new RegExp(source, flags);
  } catch {
    throw new MongoFault(51091, `Regular expression is invalid: ${source}`);
  }
}
