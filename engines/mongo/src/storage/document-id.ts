import { ObjectId } from 'bson';
import { MongoFault } from '../bson/errors.js';
import { BsonType, ElementReader, findField, type RawValue } from '../bson/raw.js';
import { assemble } from '../bson/values.js';

const ID = Buffer.from('_id');

export function idOf(raw: Buffer): RawValue {
  const id = findField(raw, 0, ID);
  if (id === undefined) throw new MongoFault(1, 'a stored document has no _id');
  return id;
}

/** The document with its `_id` first, made up if it has none; refuses what cannot be an `_id`. */
export function withId(raw: Buffer): Buffer {
  const reader = new ElementReader(raw, 0);
  while (reader.next()) {
    if (!reader.nameIs(ID)) continue;
    checkId(reader.value());
    const { elementStart, end } = reader;
    if (elementStart === 4) return raw;
    return assemble([
      raw.subarray(elementStart, end),
      raw.subarray(4, elementStart),
      raw.subarray(end, raw.length - 1),
    ]);
  }
  const head = Buffer.concat([Buffer.from([BsonType.objectId]), ID, Buffer.alloc(1)]);
  return assemble([head, new ObjectId().id, raw.subarray(4, raw.length - 1)]);
}

function checkId(id: RawValue): void {
  if (id.isArray || id.isRegex) {
    throw new MongoFault(2, `The '_id' value cannot be of type ${id.isArray ? 'array' : 'regex'}`);
  }
  for (const [name, value] of id.isObject ? id.entries() : []) {
    if (name.startsWith('$')) {
      throw new MongoFault(
        52,
        `_id fields may not contain '$'-prefixed fields: ${name} is not valid for storage.`,
      );
    }
    if (value.isObject) checkId(value);
  }
}
