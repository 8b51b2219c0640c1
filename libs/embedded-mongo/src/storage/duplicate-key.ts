import { BsonType, documentValue, type RawValue } from '../bson/raw.js';
import { documentOf, NULL, show, toDocument } from '../bson/values.js';
import { MongoFault } from '../errors.js';
import { parsePath, visitPath } from '../query/path.js';
import type { Collection } from './catalog.js';

export const ID_INDEX = toDocument({ _id: 1 });

/** E11000 in the words and with the fields of the real server. */
export function duplicateKey(
  collection: Collection,
  name: string,
  keyPattern: RawValue,
  raw: Buffer,
): MongoFault {
  const values = keyPattern.entries().map(([path]) => [path, firstValue(raw, path)] as const);
  const shown = values.map(([path, value]) => `${path}: ${show(value)}`).join(', ');
  return new MongoFault(
    11000,
    `E11000 duplicate key error collection: ${collection.namespace} index: ${name} dup key: { ${shown} }`,
    { keyPattern, keyValue: documentOf(values) },
  );
}

function firstValue(raw: Buffer, path: string): RawValue {
  let result = NULL;
  visitPath(documentValue(raw), parsePath(path), (value) => {
    if (value.type !== BsonType.missing) result = value;
    return true;
  });
  return result;
}
