import { MongoFault, notImplemented } from './errors.js';

/** BSON element types by their byte (https://bsonspec.org/spec.html); 0 stands for a missing field. */
export const BsonType = {
  missing: 0x00,
  double: 0x01,
  string: 0x02,
  object: 0x03,
  array: 0x04,
  binary: 0x05,
  objectId: 0x07,
  bool: 0x08,
  date: 0x09,
  null: 0x0a,
  regex: 0x0b,
  int32: 0x10,
  timestamp: 0x11,
  int64: 0x12,
  minKey: 0xff,
  maxKey: 0x7f,
} as const;

/** Types that are refused wherever they come in, so that nothing behind has to know them. */
export const REFUSED_TYPES: Readonly<Record<number, string>> = {
  0x06: 'undefined',
  0x0c: 'dbPointer',
  0x0d: 'javascript',
  0x0e: 'symbol',
  0x0f: 'javascriptWithScope',
  0x13: 'decimal',
};

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
      return start + 4 + buf.readInt32LE(start);
    case BsonType.object:
    case BsonType.array:
      return start + buf.readInt32LE(start);
    case BsonType.binary:
      return start + 5 + buf.readInt32LE(start);
    case BsonType.objectId:
      return start + 12;
    case BsonType.bool:
      return start + 1;
    case BsonType.null:
    case BsonType.minKey:
    case BsonType.maxKey:
      return start;
    case BsonType.regex:
      return buf.indexOf(0, buf.indexOf(0, start) + 1) + 1;
    default: {
      const refused = REFUSED_TYPES[type];
      throw refused === undefined ? invalid() : notImplemented(`values of the type ${refused}`);
    }
  }
}
