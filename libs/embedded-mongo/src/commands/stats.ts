import type { Steps } from '../aggregate/steps.js';
import { nameOfStage } from '../aggregate/pipeline.js';
import type { Fields, RawValue } from '../bson/raw.js';
import { toDocument } from '../bson/values.js';
import { MongoFault, notImplemented } from '../errors.js';
import type { Collection } from '../storage/catalog.js';
import { NOTHING, sum, type Size } from '../storage/sizes.js';
import type { Reply } from '../wire/message.js';
import { namespaceOf, numberField, type CommandContext } from './context.js';
import { checkFields } from './fields.js';

const bytesOf = ({ keyBytes, valueBytes }: Size): number => keyBytes + valueBytes;

interface Measured {
  readonly documents: Size;
  /** By name; the `_id` index is the tree of the documents, so its keys are its size. */
  readonly indexes: ReadonlyMap<string, number>;
}

function measure({ database }: CommandContext, collection: Collection | undefined): Measured {
  if (collection === undefined) return { documents: NOTHING, indexes: new Map() };
  const documents = database.sizes.get(collection.treeId);
  const own = collection.indexes.map(
    ({ name, treeId }) => [name, bytesOf(database.sizes.get(treeId))] as const,
  );
  return { documents, indexes: new Map([['_id_', documents.keyBytes], ...own]) };
}

const total = (values: Iterable<number>): number => [...values].reduce((one, two) => one + two, 0);

/** The sizes of a collection, in the words of collStats. */
function storageStats(
  context: CommandContext,
  namespace: string,
  scale: number,
): Record<string, unknown> {
  const collection = context.database.catalog.get(namespace);
  const { documents, indexes } = measure(context, collection);
  const scaled = (bytes: number): number => Math.floor(bytes / scale);
  const sizes = [...indexes].map(([name, bytes]) => [name, scaled(bytes)] as const);
  const indexBytes = total(indexes.values());
  return {
    size: scaled(documents.valueBytes),
    count: documents.entries,
    avgObjSize: documents.entries === 0 ? 0 : Math.floor(documents.valueBytes / documents.entries),
    storageSize: scaled(documents.valueBytes),
    freeStorageSize: 0,
    capped: false,
    nindexes: indexes.size,
    indexBuilds: [],
    indexSizes: Object.fromEntries(sizes),
    totalIndexSize: scaled(indexBytes),
    totalSize: scaled(documents.valueBytes + indexBytes),
    scaleFactor: scale,
  };
}

const scaleOf = (body: Fields): number => Math.max(1, Math.floor(numberField(body, 'scale') ?? 1));

export function collStats(context: CommandContext): Reply {
  const ns = namespaceOf(context);
  return { ns, ...storageStats(context, ns, scaleOf(context.command.body)), ok: 1 };
}

function measureDatabase(context: CommandContext, name: string): Record<string, number> {
  const collections = context.database.catalog.list(name);
  const measured = collections.map((collection) => measure(context, collection));
  const documents = measured.map((one) => one.documents).reduce(sum, NOTHING);
  const indexSize = total(measured.map(({ indexes }) => total(indexes.values())));
  return {
    collections: collections.length,
    objects: documents.entries,
    dataSize: documents.valueBytes,
    indexes: total(measured.map(({ indexes }) => indexes.size)),
    indexSize,
  };
}

/** The bytes of a database's documents and indexes. */
export function sizeOfDatabase(context: CommandContext, name: string): number {
  const { dataSize = 0, indexSize = 0 } = measureDatabase(context, name);
  return dataSize + indexSize;
}

export function dbStats(context: CommandContext): Reply {
  const { body, database } = context.command;
  const scale = scaleOf(body);
  const {
    dataSize = 0,
    indexSize = 0,
    objects = 0,
    ...counts
  } = measureDatabase(context, database);
  const scaled = (bytes: number): number => Math.floor(bytes / scale);
  return {
    db: database,
    ...counts,
    views: 0,
    objects,
    avgObjSize: objects === 0 ? 0 : dataSize / objects,
    dataSize: scaled(dataSize),
    storageSize: scaled(dataSize),
    indexSize: scaled(indexSize),
    totalSize: scaled(dataSize + indexSize),
    scaleFactor: scale,
    ok: 1,
  };
}

export function currentOp(context: CommandContext): Reply {
  return { inprog: context.operations.describe(context.host), ok: 1 };
}

/** What `$currentOp` may be told; this server has nobody to tell apart and shows what runs. */
const CURRENT_OP_OPTIONS = [
  'allUsers',
  'idleConnections',
  'idleCursors',
  'idleSessions',
  'localOps',
  'truncateOps',
];

function* currentOpSource(context: CommandContext, spec: RawValue, namespace: string): Steps {
  if (namespace !== 'admin.$cmd.aggregate') {
    throw new MongoFault(
      73,
      "$currentOp must be run against the 'admin' database with {aggregate: 1}",
    );
  }
  checkFields(spec.fields(), CURRENT_OP_OPTIONS, '$currentOp');
  yield* context.operations.describe(context.host).map(toDocument);
}

function* collStatsSource(context: CommandContext, spec: RawValue, namespace: string): Steps {
  const options = spec.fields();
  checkFields(options, ['storageStats', 'count'], '$collStats');
  const collection = context.database.catalog.get(namespace);
  if (collection?.stored !== true) throw new MongoFault(26, `Collection [${namespace}] not found.`);
  const storage = options.get('storageStats');
  const scale = storage && storage.isObject ? scaleOf(storage.fields()) : 1;
  const stats = storageStats(context, namespace, scale);
  yield toDocument({
    ns: namespace,
    host: context.host,
    localTime: new Date(),
    ...(storage === undefined ? {} : { storageStats: stats }),
    ...(options.has('count') ? { count: stats.count } : {}),
  });
}

/** Stages that a pipeline may begin with to read the state of the server instead of documents. */
export const SOURCE_STAGES = ['$currentOp', '$collStats'] as const;

export function systemSource(
  context: CommandContext,
  stage: RawValue,
  namespace: string,
): Steps | undefined {
  const [name, spec] = nameOfStage(stage);
  if (name !== '$currentOp' && name !== '$collStats') return undefined;
  if (!spec.isObject) throw notImplemented(`${name} without a document`);
  return name === '$currentOp'
    ? currentOpSource(context, spec, namespace)
    : collStatsSource(context, spec, namespace);
}
