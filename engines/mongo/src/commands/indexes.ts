import { MongoFault, notImplemented } from '../bson/errors.js';
import { encodeRaw } from '../bson/key-encoding.js';
import { MISSING, type Fields, type RawValue } from '../bson/raw.js';
import { parseIndex, type Collection, type IndexSpec } from '../storage/collection.js';
import type { Reply } from '../wire/message.js';
import {
  arrayField,
  checkFields,
  documentField,
  namespaceOf,
  textField,
  type CommandContext,
} from './context.js';

/** Options of an index; `background` and `v` ask for what is the case anyway. */
export const INDEX_OPTIONS = [
  'key',
  'name',
  'unique',
  'partialFilterExpression',
  'background',
  'v',
] as const;

/** As many fields as the server's indexes may have. */
const MAX_FIELDS = 32;

/** What a partial index may ask of its documents, so that a query can be seen to ask for the same. */
const PARTIAL_OPERATORS = ['$eq', '$gt', '$gte', '$lt', '$lte', '$type', '$exists'];

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

function checkPartial(expression: RawValue): void {
  for (const [field, condition] of expression.entries()) {
    const operators = condition.hasOperators ? [...condition.fields().keys()] : ['$eq'];
    const refused = [field, ...operators].find(
      (name) => name.startsWith('$') && !PARTIAL_OPERATORS.includes(name),
    );
    if (refused !== undefined) throw notImplemented(`${refused} in a partialFilterExpression`);
  }
}

function checkSpec(spec: RawValue): Fields {
  if (!spec.isObject) throw badIndex('each index must be an object');
  const fields = spec.fields();
  checkFields(fields, INDEX_OPTIONS, 'an index');
  checkKey(fields.at('key'));
  const partial = documentField(fields, 'partialFilterExpression');
  if (partial !== undefined) checkPartial(partial);
  if (textField(fields, 'name') === undefined) {
    throw new MongoFault(9, "The 'name' field is a required property of an index specification");
  }
  return fields;
}

/** An index key as text, to compare it with another. */
const keyText = (key: RawValue): string =>
  JSON.stringify(key.entries().map(([path, order]) => [path, Math.sign(order.number ?? 0)]));

const samePartial = (one: IndexSpec, other: IndexSpec): boolean =>
  encodeRaw(one.partial?.query ?? MISSING).equals(encodeRaw(other.partial?.query ?? MISSING));

/** True if the index is there already; throws if another stands in its place. */
function exists({ id, indexes }: Collection, spec: IndexSpec): boolean {
  if (keyText(spec.key) === keyText(id.key)) return true;
  for (const index of indexes) {
    const isLike = keyText(index.key) === keyText(spec.key) && samePartial(index, spec);
    const hasName = index.name === spec.name;
    if (hasName && isLike && index.unique === spec.unique) return true;
    if (hasName) {
      throw new MongoFault(
        86,
        `An existing index has the same name as the requested index: ${index.name}`,
      );
    }
    if (isLike) {
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
  const specs = (arrayField(command.body, 'indexes') ?? []).map(checkSpec);
  if (specs.length === 0) throw badIndex('Must specify at least one index');
  const made: IndexSpec[] = [];
  const reply = await database.write(() => {
    const existed = database.catalog.get(namespace)?.stored === true;
    const collection = database.catalog.obtain(namespace);
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
    database.catalog.store(collection);
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

function selectIndexes({ id, indexes }: Collection, wanted: RawValue): readonly IndexSpec[] {
  if (wanted.text === '*') return indexes;
  const key = wanted.isObject ? keyText(wanted) : undefined;
  const isWanted = (index: IndexSpec): boolean =>
    index.name === wanted.text || keyText(index.key) === key;
  if (isWanted(id)) throw new MongoFault(72, 'cannot drop _id index');
  const index = indexes.find(isWanted);
  if (index !== undefined) return [index];
  throw new MongoFault(27, `index not found with name [${wanted.text ?? key ?? ''}]`);
}

export async function dropIndexes(context: CommandContext): Promise<Reply> {
  const { database, command } = context;
  const namespace = namespaceOf(context);
  const reply = await database.write(() => {
    const collection = database.catalog.get(namespace);
    if (collection === undefined) throw new MongoFault(26, `ns does not exist: ${namespace}`);
    const nIndexesWas = collection.indexes.length + 1;
    for (const index of selectIndexes(collection, command.body.at('index'))) {
      database.dropIndex(collection, index);
    }
    database.catalog.store(collection);
    return { nIndexesWas, ok: 1 };
  });
  context.cursors.killOfNamespace(namespace);
  database.sweepDropped();
  return reply;
}
