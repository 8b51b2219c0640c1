import { MongoFault } from '../bson/errors.js';
import { documentValue } from '../bson/raw.js';
import { int64, toDocument } from '../bson/values.js';
import { collectionOf, databaseOf, describeIndex, type Collection } from '../storage/collection.js';
import { CursorReply, type Reply } from '../wire/message.js';
import { filterField, flagField, namespaceOf, type CommandContext } from './context.js';
import { measureDatabase } from './stats.js';

export async function create(context: CommandContext): Promise<Reply> {
  const namespace = namespaceOf(context);
  const { catalog } = context.database;
  await context.database.write(() => {
    const collection = catalog.obtain(namespace);
    if (collection.stored) {
      throw new MongoFault(48, `Collection ${namespace} already exists.`);
    }
    catalog.store(collection);
  });
  return { ok: 1 };
}

async function dropAll(
  { database, cursors }: CommandContext,
  find: () => readonly Collection[],
): Promise<readonly Collection[]> {
  const dropped = await database.write(() => {
    const collections = find();
    for (const collection of collections) database.catalog.erase(collection);
    return collections;
  });
  for (const { namespace } of dropped) cursors.killOfNamespace(namespace);
  database.sweepDropped();
  return dropped;
}

export async function drop(context: CommandContext): Promise<Reply> {
  const namespace = namespaceOf(context);
  const { catalog } = context.database;
  const [dropped] = await dropAll(context, () => {
    const collection = catalog.get(namespace);
    return collection?.stored === true ? [collection] : [];
  });
  return dropped ? { ns: namespace, nIndexesWas: dropped.indexes.length + 1, ok: 1 } : { ok: 1 };
}

export async function dropDatabase(context: CommandContext): Promise<Reply> {
  const { catalog } = context.database;
  const name = context.command.database;
  const dropped = await dropAll(context, () => catalog.list(name));
  return dropped.length > 0 ? { dropped: name, ok: 1 } : { ok: 1 };
}

type Description = Readonly<Record<string, unknown>>;

const listReply = (documents: readonly Description[], namespace: string): Reply =>
  new CursorReply(
    'firstBatch',
    documents.map((document) => toDocument(document).buf),
    0n,
    namespace,
  );

/** What of a list the client's filter lets through. */
function filtered<Item extends Description>(
  { command: { body } }: CommandContext,
  list: readonly Item[],
): Item[] {
  const { match } = filterField(body, 'filter');
  return list.filter((document) => match(documentValue(toDocument(document).buf)));
}

export function listCollections(context: CommandContext): Reply {
  const { database, command } = context;
  const all = database.catalog.list(command.database).map(({ namespace, id }) => ({
    name: collectionOf(namespace),
    type: 'collection',
    options: {},
    info: { readOnly: false },
    idIndex: describeIndex(id),
  }));
  const shown = filtered(context, all);
  const isShort = flagField(command.body, 'nameOnly') === true;
  return listReply(
    isShort ? shown.map(({ name, type }) => ({ name, type })) : shown,
    `${command.database}.$cmd.listCollections`,
  );
}

export async function listDatabases(context: CommandContext): Promise<Reply> {
  const { clock, database, command } = context;
  const names = new Set(database.catalog.list().map(({ namespace }) => databaseOf(namespace)));
  if (flagField(command.body, 'nameOnly') === true) {
    const named = filtered(
      context,
      [...names].map((name) => ({ name })),
    );
    return { databases: named, ok: 1 };
  }
  const all = [];
  for (const name of names) {
    const { dataSize, indexSize } = await clock.run(measureDatabase(context, name));
    all.push({ name, sizeOnDisk: int64(BigInt(dataSize + indexSize)), empty: false });
  }
  return { databases: filtered(context, all), ok: 1 };
}

export function listIndexes(context: CommandContext): Reply {
  const namespace = namespaceOf(context);
  const collection = context.database.catalog.get(namespace);
  if (collection?.stored !== true) throw new MongoFault(26, `ns does not exist: ${namespace}`);
  return listReply([collection.id, ...collection.indexes].map(describeIndex), namespace);
}
