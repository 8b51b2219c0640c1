import { Binary, Long, type Document } from 'bson';
import { asBoolean, encode } from '../bson/codec.js';
import { badValue, MongoFault, notImplemented } from '../errors.js';
import { compileFilter } from '../query/matcher.js';
import {
  checkNamespace,
  collectionOf,
  databaseOf,
  describeIndex,
  type Collection,
} from '../storage/catalog.js';
import { CursorReply, type Reply } from '../wire/message.js';
import { documentOption, namespaceOf, type CommandContext } from './context.js';

/** Options of `create` that change nothing here or ask for what is the case anyway. */
const CREATE_OPTIONS = new Set(['create', 'idIndex', 'writeConcern', 'comment', 'storageEngine']);

function refuseCreateOptions(body: Document): void {
  for (const [name, value] of Object.entries(body) as [string, unknown][]) {
    if (CREATE_OPTIONS.has(name) || name.startsWith('$') || name === 'lsid') continue;
    if (name === 'txnNumber' || name === 'autocommit' || name === 'startTransaction') continue;
    if (name === 'readConcern' || value === false || value === undefined || value === null)
      continue;
    throw notImplemented(`the collection option '${name}'`);
  }
}

export async function create(context: CommandContext): Promise<Document> {
  const namespace = namespaceOf(context);
  refuseCreateOptions(context.command.body);
  const { database } = context;
  await database.write(() => {
    if (database.catalog.get(namespace)?.stored === true) {
      throw new MongoFault(48, `Collection ${namespace} already exists.`);
    }
    database.storeEntry(database.obtain(namespace));
  });
  return { ok: 1 };
}

export async function drop(context: CommandContext): Promise<Document> {
  const { database, cursors } = context;
  const namespace = namespaceOf(context);
  const reply = await database.write((): Document => {
    const collection = database.catalog.get(namespace);
    if (collection?.stored !== true) return { ok: 1 };
    database.dropCollection(collection);
    return { ns: namespace, nIndexesWas: collection.indexes.length + 1, ok: 1 };
  });
  cursors.killOfNamespace(namespace);
  database.sweepDropped();
  return reply;
}

export async function dropDatabase(context: CommandContext): Promise<Document> {
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

export async function renameCollection(context: CommandContext): Promise<Document> {
  const { database, command, cursors } = context;
  const { renameCollection: from, to, dropTarget } = command.body as Record<string, unknown>;
  if (typeof from !== 'string' || typeof to !== 'string')
    throw badValue('two namespaces are needed');
  checkNamespace(to);
  await database.write(() => {
    const collection = database.require(from);
    const target = database.catalog.get(to);
    if (target !== undefined && from === to)
      throw new MongoFault(20, "Can't rename a collection to itself");
    if (target?.stored === true) {
      if (!asBoolean(dropTarget)) throw new MongoFault(48, 'target namespace exists');
      database.dropCollection(target);
    }
    database.renameCollection(collection, to);
  });
  cursors.killOfNamespace(from);
  cursors.killOfNamespace(to);
  database.sweepDropped();
  return { ok: 1 };
}

const describeCollection = (collection: Collection): Document => ({
  name: collectionOf(collection.namespace),
  type: 'collection',
  options: {},
  info: { readOnly: false, uuid: new Binary(collection.uuid, Binary.SUBTYPE_UUID) },
  idIndex: { v: 2, key: { _id: 1 }, name: '_id_' },
});

const listReply = (documents: readonly Document[], namespace: string): Reply =>
  new CursorReply('firstBatch', documents.map(encode), Long.ZERO, namespace);

export function listCollections({ database, command }: CommandContext): Reply {
  const { match } = compileFilter(documentOption(command.body, 'filter') ?? {});
  const documents = database.catalog
    .list(command.database)
    .map(describeCollection)
    .filter((document) => match(encode(document), 0));
  const shown = asBoolean(command.body.nameOnly)
    ? documents.map(({ name, type }: Document) => ({ name: name as string, type: type as string }))
    : documents;
  return listReply(shown, `${command.database}.$cmd.listCollections`);
}

export function listDatabases({ database, command }: CommandContext): Document {
  const { match } = compileFilter(documentOption(command.body, 'filter') ?? {});
  const names = [...new Set(database.catalog.list().map(({ namespace }) => databaseOf(namespace)))];
  const databases = names
    .map((name) => ({ name, sizeOnDisk: Long.ZERO, empty: false }))
    .filter((document) => match(encode(document), 0));
  return { databases, totalSize: Long.ZERO, ok: 1 };
}

export function listIndexes(context: CommandContext): Reply {
  const namespace = namespaceOf(context);
  const collection = context.database.catalog.get(namespace);
  if (collection?.stored !== true) throw new MongoFault(26, `ns does not exist: ${namespace}`);
  const indexes = [
    { v: 2, key: { _id: 1 }, name: '_id_' },
    ...collection.indexes.map(describeIndex),
  ];
  return listReply(indexes, namespace);
}

/** collStats in its smallest useful form; sizes are those of the catalog, not of the file. */
export function collStats(context: CommandContext): Document {
  const namespace = namespaceOf(context);
  const { database } = context;
  const collection = database.catalog.get(namespace);
  const count = collection ? database.live.documentCount(collection.treeId) : 0;
  return { ns: namespace, count, nindexes: (collection?.indexes.length ?? -1) + 1, ok: 1 };
}
