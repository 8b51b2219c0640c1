import { type Fields, MISSING, type RawValue } from '../bson/raw.js';

import { encodeRaw } from '../bson/key-encoding.js';
import { MongoFault, notImplemented } from '../errors.js';
import { keyText } from '../plan/usable.js';
import { parseIndex, type Collection, type IndexSpec } from '../storage/catalog.js';
import type { Reply } from '../wire/message.js';
import { namespaceOf, refuseCollation, type CommandContext } from './context.js';
import { checkFields } from './fields.js';

/** Options of an index; `background` and `v` ask for what is the case anyway. */
export const INDEX_OPTIONS = [
  'key',
  'name',
  'unique',
  'partialFilterExpression',
  'background',
  'v',
  'collation',
] as const;

/** As many fields as the server's indexes may have. */
const MAX_FIELDS = 32;

const badIndex = (message: string): MongoFault => new MongoFault(67, message);

function checkKey(key: RawValue): void {
  const fields = key.isObject ? key.entries() : [];
  if (fields.length === 0) throw badIndex('Index keys cannot be an empty object');
  if (fields.length > MAX_FIELDS) throw badIndex(`too many compound keys: ${fields.length}`);
  for (const [path, direction] of fields) {
    const order = direction.number;
    if (!direction.isNumeric) throw notImplemented('an index that is not ascending or descending');
    if (order === 0 || Number.isNaN(order)) {
      throw badIndex('Values in v:2 index key pattern must be numbers other than 0');
    }
    if (path.includes('$')) throw notImplemented('a wildcard index');
    if (path.split('.').includes('')) throw badIndex('Index keys cannot be empty');
  }
}

function checkSpec(spec: RawValue): Fields {
  if (!spec.isObject) throw badIndex('each index must be an object');
  const fields = spec.fields();
  checkFields(fields, INDEX_OPTIONS, 'an index');
  refuseCollation(fields);
  checkKey(fields.at('key'));
  const filter = fields.get('partialFilterExpression');
  if (filter !== undefined && !filter.isObject) {
    throw badIndex("'partialFilterExpression' must be an object");
  }
  if (fields.at('name').text === undefined) {
    throw new MongoFault(9, "The 'name' field is a required property of an index specification");
  }
  return fields;
}

const samePartial = (one: RawValue | undefined, other: RawValue | undefined): boolean =>
  encodeRaw(one ?? MISSING).equals(encodeRaw(other ?? MISSING));

/** True if the index is there already; throws if another stands in its place. */
function exists(collection: Collection, spec: IndexSpec): boolean {
  const key = keyText(spec.key);
  if (key === '[["_id",1]]') return true;
  for (const index of collection.indexes) {
    const sameKey = keyText(index.key) === key;
    const isSame =
      sameKey &&
      index.unique === spec.unique &&
      samePartial(index.partialExpression, spec.partialExpression);
    if (index.name === spec.name && isSame) return true;
    if (index.name === spec.name) {
      throw new MongoFault(
        86,
        `An existing index has the same name as the requested index: ${index.name}`,
      );
    }
    if (sameKey && samePartial(index.partialExpression, spec.partialExpression)) {
      throw new MongoFault(
        85,
        `Index already exists with a different name or options: ${index.name}`,
      );
    }
  }
  return false;
}

export async function createIndexes(context: CommandContext): Promise<Reply> {
  const namespace = namespaceOf(context);
  const { database, command } = context;
  const list = command.body.at('indexes');
  const specs = list.isArray ? list.elements().map(checkSpec) : [];
  if (specs.length === 0) throw badIndex('Must specify at least one index');
  const made: IndexSpec[] = [];
  const reply = await database.write(() => {
    const existed = database.catalog.get(namespace)?.stored === true;
    const collection = database.obtain(namespace);
    const before = collection.indexes;
    try {
      for (const spec of specs) {
        const index = parseIndex(spec, database.catalog.allocateTreeId());
        if (exists(collection, index)) continue;
        database.buildIndex(collection, index);
        made.push(index);
      }
    } catch (error) {
      collection.indexes = before;
      throw error;
    }
    database.storeEntry(collection);
    return {
      numIndexesBefore: before.length + 1,
      numIndexesAfter: collection.indexes.length + 1,
      createdCollectionAutomatically: !existed,
      ok: 1,
    };
  });
  for (const index of made) database.indexIsReady(index);
  return reply;
}

function selectIndexes(collection: Collection, wanted: RawValue): IndexSpec[] {
  const name = wanted.text;
  if (name === '*') return [...collection.indexes];
  if (wanted.isArray) {
    return wanted.elements().flatMap((one) => selectIndexes(collection, one));
  }
  const key = wanted.isObject ? keyText(wanted) : undefined;
  if (name === '_id_' || key === '[["_id",1]]') throw new MongoFault(72, 'cannot drop _id index');
  const index = collection.indexes.find((one) => one.name === name || keyText(one.key) === key);
  if (index === undefined) {
    throw new MongoFault(27, `index not found with name [${name ?? key ?? ''}]`);
  }
  return [index];
}

export async function dropIndexes(context: CommandContext): Promise<Reply> {
  const { database, command } = context;
  const namespace = namespaceOf(context);
  const reply = await database.write(() => {
    const collection = database.require(namespace);
    const nIndexesWas = collection.indexes.length + 1;
    for (const index of selectIndexes(collection, command.body.at('index'))) {
      database.dropIndex(collection, index);
    }
    return { nIndexesWas, ok: 1 };
  });
  context.cursors.killOfNamespace(namespace);
  database.sweepDropped();
  return reply;
}
