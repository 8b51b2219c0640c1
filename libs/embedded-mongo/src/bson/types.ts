import { MongoFault } from '../errors.js';

/** BSON element types by their byte (https://bsonspec.org/spec.html); 0 stands for a missing field. */
export const BsonType = {
  missing: 0x00,
  double: 0x01,
  string: 0x02,
  object: 0x03,
  array: 0x04,
  binary: 0x05,
  undefined: 0x06,
  objectId: 0x07,
  bool: 0x08,
  date: 0x09,
  null: 0x0a,
  regex: 0x0b,
  dbPointer: 0x0c,
  code: 0x0d,
  symbol: 0x0e,
  codeWithScope: 0x0f,
  int32: 0x10,
  timestamp: 0x11,
  int64: 0x12,
  decimal128: 0x13,
  minKey: 0xff,
  maxKey: 0x7f,
} as const;

export const invalid = (): MongoFault => new MongoFault(22, 'invalid BSON');

/** Where a value of a type ends that begins at `start`. */
export function valueEnd(buf: Buffer, type: number, start: number): number {
  switch (type) {
    case BsonType.double:
    case BsonType.date:
    case BsonType.timestamp:
    case BsonType.int64:
      return start + 8;
    case BsonType.int32:
      return start + 4;
    case BsonType.string:
    case BsonType.code:
    case BsonType.symbol:
      return start + 4 + buf.readInt32LE(start);
    case BsonType.object:
    case BsonType.array:
    case BsonType.codeWithScope:
      return start + buf.readInt32LE(start);
    case BsonType.binary:
      return start + 5 + buf.readInt32LE(start);
    case BsonType.objectId:
      return start + 12;
    case BsonType.bool:
      return start + 1;
    case BsonType.undefined:
    case BsonType.null:
    case BsonType.minKey:
    case BsonType.maxKey:
      return start;
    case BsonType.regex:
      return buf.indexOf(0, buf.indexOf(0, start) + 1) + 1;
    case BsonType.dbPointer:
      return start + 16 + buf.readInt32LE(start);
    case BsonType.decimal128:
      return start + 16;
    default:
      throw invalid();
  }
}
