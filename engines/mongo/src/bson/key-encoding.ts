import { KeyWriter } from './key-writer.js';
import { BsonType, ElementReader, type RawValue } from './raw.js';

/*
 * Order-preserving encoding of BSON values: comparing the bytes compares the values as the server's
 * documented comparison order does (MinKey, Null, Numbers, Strings, Object, Array, BinData, ObjectId,
 * Boolean, Date, Timestamp, Regular Expression, …, MaxKey). Each encoding says where it ends, so they
 * can follow one another in a compound key. Indexes, sorting, matching and grouping all use it, hence
 * cannot disagree.
 */

/** First byte of each encoding: the bracket inside which values of different types compare. */
export const Bracket = {
  missing: 0x01,
  minKey: 0x02,
  null: 0x05,
  number: 0x0a,
  string: 0x0f,
  object: 0x14,
  array: 0x19,
  binary: 0x1e,
  objectId: 0x23,
  bool: 0x28,
  date: 0x2d,
  timestamp: 0x2f,
  regex: 0x32,
  maxKey: 0x7f,
} as const;

const BRACKET_OF_TYPE = new Uint8Array(256);
for (const [type, bracket] of [
  [BsonType.missing, Bracket.missing],
  [BsonType.minKey, Bracket.minKey],
  [BsonType.null, Bracket.null],
  [BsonType.double, Bracket.number],
  [BsonType.int32, Bracket.number],
  [BsonType.int64, Bracket.number],
  [BsonType.string, Bracket.string],
  [BsonType.object, Bracket.object],
  [BsonType.array, Bracket.array],
  [BsonType.binary, Bracket.binary],
  [BsonType.objectId, Bracket.objectId],
  [BsonType.bool, Bracket.bool],
  [BsonType.date, Bracket.date],
  [BsonType.timestamp, Bracket.timestamp],
  [BsonType.regex, Bracket.regex],
  [BsonType.maxKey, Bracket.maxKey],
] as const) {
  BRACKET_OF_TYPE[type] = bracket;
}

/** Text ends with 00 00; a zero inside becomes 00 FF, so that a prefix sorts before what extends it. */
function writeText(writer: KeyWriter, buf: Buffer, start: number, end: number): void {
  const zero = buf.indexOf(0, start);
  if (zero === -1 || zero >= end) {
    writer.bytes(buf, start, end);
  } else {
    for (let index = start; index < end; index += 1) {
      writer.byte(buf[index] as number);
      if (buf[index] === 0) writer.byte(0xff);
    }
  }
  writer.byte(0);
  writer.byte(0);
}

/*
 * A number is encoded as the nearest double and how it differs from it: by nothing (0x80), or less (0x7f)
 * or more (0x81) by a few whole numbers, as only an int64 can. Rounding keeps the order, so that numbers
 * compare whatever their types.
 */
function writeDouble(writer: KeyWriter, value: number): void {
  writer.double(value);
  writer.byte(0x80);
}

function writeInt64(writer: KeyWriter, buf: Buffer, start: number): void {
  const high = buf.readInt32LE(start + 4);
  if (high >= -0x200000 && high < 0x200000) {
    writeDouble(writer, high * 0x100000000 + buf.readUInt32LE(start));
    return;
  }
  const value = buf.readBigInt64LE(start);
  const nearest = Number(value);
  const difference = Number(value - BigInt(nearest));
  if (difference === 0) writeDouble(writer, nearest);
  else {
    writer.double(nearest);
    writer.byte(difference < 0 ? 0x7f : 0x81);
    writer.uint16(difference & 0xffff);
  }
}

function writeMembers(writer: KeyWriter, buf: Buffer, start: number, named: boolean): void {
  const reader = new ElementReader(buf, start);
  while (reader.next()) {
    writer.byte(BRACKET_OF_TYPE[reader.type] as number);
    if (named) writeText(writer, buf, reader.nameStart, reader.nameEnd);
    writeBody(writer, buf, reader.type, reader.start, reader.end);
  }
  writer.byte(0);
}

function writeReversed(writer: KeyWriter, buf: Buffer, start: number, flip: number): void {
  for (let index = 7; index >= 0; index -= 1) {
    const byte = buf[start + index] as number;
    writer.byte(index === 7 ? byte ^ flip : byte);
  }
}

function writeBody(w: KeyWriter, buf: Buffer, type: number, start: number, end: number): void {
  switch (type) {
    case BsonType.double:
      writeDouble(w, buf.readDoubleLE(start));
      break;
    case BsonType.int32:
      writeDouble(w, buf.readInt32LE(start));
      break;
    case BsonType.int64:
      writeInt64(w, buf, start);
      break;
    case BsonType.string:
      writeText(w, buf, start + 4, end - 1);
      break;
    case BsonType.object:
    case BsonType.array:
      writeMembers(w, buf, start, type === BsonType.object);
      break;
    case BsonType.binary:
      w.uint32(buf.readInt32LE(start));
      w.bytes(buf, start + 4, end);
      break;
    case BsonType.objectId:
    case BsonType.bool:
      w.bytes(buf, start, end);
      break;
    case BsonType.date:
      writeReversed(w, buf, start, 0x80);
      break;
    case BsonType.timestamp:
      writeReversed(w, buf, start, 0);
      break;
    case BsonType.regex:
      writeText(w, buf, start, end);
      break;
    default:
      break;
  }
}

/** Appends the encoding of one raw value. */
export function writeKey(
  writer: KeyWriter,
  buf: Buffer,
  type: number,
  start: number,
  end: number,
): void {
  writer.byte(BRACKET_OF_TYPE[type] as number);
  writeBody(writer, buf, type, start, end);
}

/** A field that is not there is indexed and sorted as null. */
export const NULL_KEY = Buffer.from([Bracket.null]);

const scratch = new KeyWriter();

/** The encoding of one raw value as a buffer of its own. */
export function encodeRaw({ buf, type, start, end }: RawValue): Buffer {
  writeKey(scratch.reset(), buf, type, start, end);
  return scratch.take();
}

/** The shortest byte string greater than everything that starts with `prefix`. */
export function successor(prefix: Buffer): Buffer {
  let last = prefix.length - 1;
  while (last >= 0 && prefix[last] === 0xff) last -= 1;
  if (last < 0) return Buffer.alloc(prefix.length + 1, 0xff);
  const next = Buffer.from(prefix.subarray(0, last + 1));
  next[last] = (next[last] as number) + 1;
  return next;
}

export function inverted(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  for (let index = 0; index < bytes.length; index += 1) out[index] = ~(bytes[index] as number);
  return out;
}
