import type { Document } from 'bson';
import { asBoolean, asNumber, encode, isPlainObject } from '../bson/codec.js';
import { MongoFault, notImplemented } from '../errors.js';
import { parseIndex, type Collection, type IndexSpec } from '../storage/catalog.js';
import { namespaceOf, refuseCollation, type CommandContext } from './context.js';

const OPTIONS = new Set([
  'key',
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'background',
  'v',
  'hidden',
  'collation',
]);

const badIndex = (message: string): MongoFault => new MongoFault(67, message);

function checkKey(key: unknown): Document {
  if (!isPlainObject(key) || Object.keys(key).length === 0) {
    throw badIndex('Index keys cannot be an empty object');
  }
  for (const [path, direction] of Object.entries(key) as [string, unknown][]) {
    if (typeof direction === 'string') throw notImplemented(`an index of type '${direction}'`);
    const order = asNumber(direction);
    if (order === undefined || order === 0 || Number.isNaN(order)) {
      throw badIndex('Values in v:2 index key pattern must be numbers other than 0');
    }
    if (path.includes('$')) throw notImplemented('a wildcard index');
    if (path === '' || path.split('.').includes('')) throw badIndex('Index keys cannot be empty');
  }
  return key;
}

function checkSpec(spec: unknown): Document {
  if (!isPlainObject(spec)) throw badIndex('each index must be an object');
  const key = checkKey(spec.key);
  for (const name of Object.keys(spec)) {
    if (!OPTIONS.has(name)) {
      throw new MongoFault(197, `The field '${name}' is not valid for an index specification`);
    }
  }
  refuseCollation(spec);
  if (asBoolean(spec.hidden)) throw notImplemented('a hidden index');
  const ttl: unknown = spec.expireAfterSeconds;
  const seconds = asNumber(ttl);
  if (ttl !== undefined && (seconds === undefined || seconds < 0)) {
    throw badIndex('expireAfterSeconds must be a non-negative number');
  }
  if (ttl !== undefined && Object.keys(key).length > 1) {
    throw badIndex('TTL indexes are single-field indexes, compound indexes do not support TTL');
  }
  if (asBoolean(spec.sparse) && spec.partialFilterExpression !== undefined) {
    throw badIndex('cannot mix "partialFilterExpression" and "sparse" options');
  }
  return { ...spec, name: typeof spec.name === 'string' ? spec.name : defaultName(key) };
}

const defaultName = (key: Document): string =>
  Object.entries(key)
    .map(([path, direction]: [string, unknown]) => `${path}_${asNumber(direction) ?? 1}`)
    .join('_');

function normalized(spec: Document): Buffer {
  return encode({
    key: Object.entries(spec.key as Document).map(([path, direction]: [string, unknown]) => [
      path,
      Math.sign(asNumber(direction) ?? 1),
    ]),
    unique: asBoolean(spec.unique),
    sparse: asBoolean(spec.sparse),
    partial: (spec.partialFilterExpression as Document | undefined) ?? null,
    ttl: asNumber(spec.expireAfterSeconds) ?? null,
  });
}

const keyOnly = (key: Document): string =>
  JSON.stringify(
    Object.entries(key).map(([path, order]: [string, unknown]) => [
      path,
      Math.sign(asNumber(order) ?? 1),
    ]),
  );

/** True if the index is there already; throws if another stands in its place. */
function exists(collection: Collection, spec: Document): boolean {
  if (keyOnly(spec.key as Document) === '[["_id",1]]') return true;
  for (const index of collection.indexes) {
    const given = {
      key: index.key,
      unique: index.unique,
      sparse: index.sparse,
      partialFilterExpression: index.partialExpression,
      expireAfterSeconds: index.expireAfterSeconds,
    };
    const same = normalized(given).equals(normalized(spec));
    if (index.name === spec.name && same) return true;
    if (index.name === spec.name) {
      throw new MongoFault(
        86,
        `An existing index has the same name as the requested index: ${index.name}`,
      );
    }
    const samePartial =
      keyOnly(index.key) === keyOnly(spec.key as Document) &&
      encode({ p: index.partialExpression ?? null }).equals(
        encode({ p: (spec.partialFilterExpression as Document | undefined) ?? null }),
      );
    if (samePartial)
      throw new MongoFault(
        85,
        `Index already exists with a different name or options: ${index.name}`,
      );
  }
  return false;
}

export async function createIndexes(context: CommandContext): Promise<Document> {
  const namespace = namespaceOf(context);
  const { database, command } = context;
  const list: unknown = command.body.indexes;
  if (!Array.isArray(list) || list.length === 0) throw badIndex('Must specify at least one index');
  const specs = list.map(checkSpec);
  const made: IndexSpec[] = [];
  const reply = await database.write(() => {
    const existed = database.catalog.get(namespace)?.stored === true;
    const collection = database.obtain(namespace);
    const before = collection.indexes;
    try {
      for (const spec of specs) {
        if (exists(collection, spec)) continue;
        const index = parseIndex({ ...spec, treeId: database.catalog.allocateTreeId() });
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

function selectIndexes(collection: Collection, wanted: unknown): IndexSpec[] {
  if (wanted === '*') return [...collection.indexes];
  if (wanted === '_id_') throw new MongoFault(72, 'cannot drop _id index');
  if (Array.isArray(wanted)) return wanted.flatMap((one) => selectIndexes(collection, one));
  const index = collection.indexes.find(
    ({ name, key }) =>
      name === wanted || (isPlainObject(wanted) && keyOnly(key) === keyOnly(wanted)),
  );
  if (index === undefined) {
    throw new MongoFault(
      27,
      `index not found with name [${typeof wanted === 'string' ? wanted : 'key'}]`,
    );
  }
  return [index];
}

export async function dropIndexes(context: CommandContext): Promise<Document> {
  const { database, command } = context;
  const namespace = namespaceOf(context);
  const reply = await database.write(() => {
    const collection = database.require(namespace);
    const nIndexesWas = collection.indexes.length + 1;
    for (const index of selectIndexes(collection, command.body.index)) {
      database.dropIndex(collection, index);
    }
    return { nIndexesWas, ok: 1 };
  });
  context.cursors.killOfNamespace(namespace);
  database.sweepDropped();
  return reply;
}
