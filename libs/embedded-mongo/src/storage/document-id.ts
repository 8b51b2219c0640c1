import { ObjectId } from 'bson';
import { BsonType, ElementReader, type RawValue } from '../bson/raw.js';
import { assemble } from '../bson/values.js';
import { MongoFault } from '../errors.js';

const ID_NAME = Buffer.from('_id');

/** The document with its `_id` first, made up if it has none; refuses what cannot be an `_id`. */
export function withId(raw: Buffer): Buffer {
  const reader = new ElementReader(raw, 0);
  let position = 0;
  while (reader.next()) {
    if (reader.nameIs(ID_NAME)) {
      checkId(reader.value());
      if (position === 0) return raw;
      const { elementStart, end } = reader;
      return assemble([
        raw.subarray(elementStart, end),
        raw.subarray(4, elementStart),
        raw.subarray(end, raw.length - 1),
      ]);
    }
    position += 1;
  }
  const id = Buffer.concat([Buffer.from([BsonType.objectId]), ID_NAME, Buffer.alloc(1)]);
  return assemble([id, new ObjectId().id, raw.subarray(4, raw.length - 1)]);
}

const UNFIT_IDS: Readonly<Record<number, string>> = {
  [BsonType.array]: 'array',
  [BsonType.regex]: 'regex',
  [BsonType.undefined]: 'undefined',
};

function checkId(id: RawValue): void {
  const name = UNFIT_IDS[id.type];
  if (name !== undefined) {
    throw new MongoFault(2, `The '_id' value cannot be of type ${name}`);
  }
  if (id.type === BsonType.object) checkIdFields(id);
}

const REFERENCE_FIELDS = new Set(['$ref', '$id', '$db']);

function checkIdFields(object: RawValue): void {
  const reader = new ElementReader(object.buf, object.start);
  while (reader.next()) {
    const { name } = reader;
    if (name.startsWith('$') && !REFERENCE_FIELDS.has(name)) {
      throw new MongoFault(
        52,
        `_id fields may not contain '$'-prefixed fields: ${name} is not valid for storage.`,
      );
    }
    if (reader.type === BsonType.object) checkIdFields(reader.value());
  }
}
