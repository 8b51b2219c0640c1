import { Binary } from 'bson';
import { documentValue, type Fields } from '../bson/raw.js';
import { int64, toDocument } from '../bson/values.js';
import { MongoFault } from '../errors.js';
import { compileFilter } from '../query/matcher.js';
import { collectionOf, databaseOf, describeIndex, type Collection } from '../storage/catalog.js';
import { ID_INDEX } from '../storage/duplicate-key.js';
import { CursorReply, type Reply } from '../wire/message.js';
import { documentField, flagField, namespaceOf, type CommandContext } from './context.js';
import { sizeOfDatabase } from './stats.js';

export async function create(context: CommandContext): Promise<Reply> {
  const namespace = namespaceOf(context);
  const { database } = context;
  await database.write(() => {
    if (database.catalog.get(namespace)?.stored === true) {
      throw new MongoFault(48, `Collection ${namespace} already exists.`);
    }
    database.storeEntry(database.obtain(namespace));
  });
  return { ok: 1 };
}

export async function drop(context: CommandContext): Promise<Reply> {
  const { database, cursors } = context;
  const namespace = namespaceOf(context);
  const reply = await database.write((): Reply => {
    const collection = database.catalog.get(namespace);
    if (collection?.stored !== true) return { ok: 1 };
    database.dropCollection(collection);
    return { ns: namespace, nIndexesWas: collection.indexes.length + 1, ok: 1 };
  });
  cursors.killOfNamespace(namespace);
  database.sweepDropped();
  return reply;
}

export async function dropDatabase(context: CommandContext): Promise<Reply> {
  const { database, command } = context;
  const existed = await database.write(() => {
    const collections = database.catalog.list(command.database);
    for (const collection of collections) database.dropCollection(collection);
    return collections;
  });
  for (const { namespace } of existed) context.cursors.killOfNamespace(namespace);
  database.sweepDropped();
  return existed.length > 0 ? { dropped: command.database, ok: 1 } : { ok: 1 };
}

type Description = Readonly<Record<string, unknown>>;

const describeCollection = (collection: Collection): Description => ({
  name: collectionOf(collection.namespace),
  type: 'collection',
  options: {},
  info: { readOnly: false, uuid: new Binary(collection.uuid, Binary.SUBTYPE_UUID) },
  idIndex: { v: 2, key: ID_INDEX, name: '_id_' },
});

const listReply = (documents: readonly Description[], namespace: string): Reply =>
  new CursorReply(
    'firstBatch',
    documents.map((document) => toDocument(document).buf),
    0n,
    namespace,
  );

const ALL = toDocument({});

/** What of a list the client's filter lets through. */
function filtered(body: Fields, list: readonly Description[]): Description[] {
  const { match } = compileFilter(documentField(body, 'filter') ?? ALL);
  return list.filter((document) => match(documentValue(toDocument(document).buf)));
}

export function listCollections({ database, command }: CommandContext): Reply {
  const found = database.catalog.list(command.database).map(describeCollection);
  const shown = filtered(command.body, found);
  const isShort = flagField(command.body, 'nameOnly') === true;
  return listReply(
    isShort ? shown.map(({ name, type }) => ({ name, type })) : shown,
    `${command.database}.$cmd.listCollections`,
  );
}

export function listDatabases(context: CommandContext): Reply {
  const { database, command } = context;
  const names = new Set(database.catalog.list().map(({ namespace }) => databaseOf(namespace)));
  const sized = [...names].map((name) => ({ name, sizeOnDisk: sizeOfDatabase(context, name) }));
  const all = sized.map(({ name, sizeOnDisk }) => ({
    name,
    sizeOnDisk: int64(BigInt(sizeOnDisk)),
    empty: false,
  }));
  const databases = filtered(command.body, all);
  if (flagField(command.body, 'nameOnly') === true) {
    return { databases: databases.map(({ name }) => ({ name })), ok: 1 };
  }
  const totalSize = sized.reduce((total, { sizeOnDisk }) => total + sizeOnDisk, 0);
  return { databases, totalSize: int64(BigInt(totalSize)), ok: 1 };
}

export function listIndexes(context: CommandContext): Reply {
  const namespace = namespaceOf(context);
  const collection = context.database.catalog.get(namespace);
  if (collection?.stored !== true) throw new MongoFault(26, `ns does not exist: ${namespace}`);
  const indexes = [{ v: 2, key: ID_INDEX, name: '_id_' }, ...collection.indexes.map(describeIndex)];
  return listReply(indexes, namespace);
}
