import type { Steps } from '../aggregate/steps.js';
import { nameOfStage } from '../aggregate/stages.js';
import { MongoFault, notImplemented } from '../bson/errors.js';
import type { Fields, RawValue } from '../bson/raw.js';
import { toDocument } from '../bson/values.js';
import { chunksOf } from '../plan/scan.js';
import type { Collection, IndexSpec } from '../storage/collection.js';
import { treeRange } from '../storage/index-keys.js';
import type { Reply } from '../wire/message.js';
import { checkFields, documentField, numberField, type CommandContext } from './context.js';

/*
 * Sizes are counted when they are asked for, entry by entry: nobody who only writes has to keep account
 * of them, and they are true.
 */

/** Step by step, so that others can have their turns in between. */
type Measuring<Result> = Generator<undefined, Result, unknown>;

interface Size {
  readonly entries: number;
  readonly keyBytes: number;
  readonly valueBytes: number;
}

function* measureTree({ database }: CommandContext, { treeId }: IndexSpec): Measuring<Size> {
  let [entries, keyBytes, valueBytes] = [0, 0, 0];
  const whole = { ranges: [treeRange(treeId)], reverse: false, lookups: false };
  for (const chunk of chunksOf(whole, database.live)) {
    for (const { key, value } of chunk) {
      entries += 1;
      keyBytes += key.length;
      valueBytes += value.length;
    }
    yield undefined;
  }
  return { entries, keyBytes, valueBytes };
}

interface Measured {
  readonly count: number;
  readonly dataSize: number;
  /** By name; that of the `_id` holds the documents, so its keys are its size. */
  readonly indexSizes: Readonly<Record<string, number>>;
  readonly indexSize: number;
}

function* measure(context: CommandContext, { id, indexes }: Collection): Measuring<Measured> {
  const documents = yield* measureTree(context, id);
  const indexSizes: Record<string, number> = { [id.name]: documents.keyBytes };
  for (const index of indexes) {
    const { keyBytes, valueBytes } = yield* measureTree(context, index);
    indexSizes[index.name] = keyBytes + valueBytes;
  }
  const indexSize = Object.values(indexSizes).reduce((sum, bytes) => sum + bytes, 0);
  return { count: documents.entries, dataSize: documents.valueBytes, indexSizes, indexSize };
}

export interface DatabaseSize {
  readonly collections: number;
  readonly objects: number;
  readonly indexes: number;
  readonly dataSize: number;
  readonly indexSize: number;
}

/** The documents and indexes of a database, with their bytes. */
export function* measureDatabase(context: CommandContext, name: string): Measuring<DatabaseSize> {
  const collections = context.database.catalog.list(name);
  let [objects, indexes, dataSize, indexSize] = [0, 0, 0, 0];
  for (const collection of collections) {
    const measured = yield* measure(context, collection);
    objects += measured.count;
    indexes += collection.indexes.length + 1;
    dataSize += measured.dataSize;
    indexSize += measured.indexSize;
  }
  return { collections: collections.length, objects, indexes, dataSize, indexSize };
}

const scaleOf = (body: Fields): number => Math.max(1, Math.floor(numberField(body, 'scale') ?? 1));

export async function dbStats(context: CommandContext): Promise<Reply> {
  const { body, database } = context.command;
  const scaleFactor = scaleOf(body);
  const measured = await context.clock.run(measureDatabase(context, database));
  const { collections, objects, indexes } = measured;
  const [dataSize, indexSize] = [measured.dataSize / scaleFactor, measured.indexSize / scaleFactor];
  return {
    db: database,
    collections,
    views: 0,
    objects,
    avgObjSize: objects === 0 ? 0 : measured.dataSize / objects,
    dataSize,
    storageSize: dataSize,
    indexes,
    indexSize,
    totalSize: dataSize + indexSize,
    scaleFactor,
    ok: 1,
  };
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
  const storage = documentField(options, 'storageStats')?.fields();
  if (storage !== undefined) checkFields(storage, ['scale'], '$collStats.storageStats');
  const scaleFactor = storage === undefined ? 1 : scaleOf(storage);
  const scaled = (bytes: number): number => Math.floor(bytes / scaleFactor);
  const { count, dataSize, indexSizes, indexSize } = yield* measure(context, collection);
  const sizes = Object.entries(indexSizes).map(([name, bytes]) => [name, scaled(bytes)] as const);
  const storageStats = {
    size: scaled(dataSize),
    count,
    avgObjSize: count === 0 ? 0 : Math.floor(dataSize / count),
    storageSize: scaled(dataSize),
    freeStorageSize: 0,
    capped: false,
    nindexes: collection.indexes.length + 1,
    indexBuilds: [],
    indexSizes: Object.fromEntries(sizes),
    totalIndexSize: scaled(indexSize),
    totalSize: scaled(dataSize + indexSize),
    scaleFactor,
  };
  yield toDocument({
    ns: namespace,
    host: context.host,
    localTime: new Date(),
    ...(storage === undefined ? {} : { storageStats }),
    ...(options.has('count') ? { count } : {}),
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
