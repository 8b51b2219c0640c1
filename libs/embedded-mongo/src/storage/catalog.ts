import { Binary } from 'bson';
import type { DurableStore } from '@keytrail/embedded-storage';
import { BsonType, documentValue, type Fields, type RawValue } from '../bson/raw.js';
import { toDocument } from '../bson/values.js';
import { MongoFault } from '../errors.js';
import { compileFilter, type Filter } from '../query/matcher.js';
import { parsePath, type Path } from '../query/path.js';

export interface IndexField {
  readonly path: Path;
  readonly descending: boolean;
}

export interface IndexSpec {
  readonly treeId: number;
  readonly name: string;
  readonly key: RawValue;
  readonly fields: readonly IndexField[];
  readonly unique: boolean;
  readonly partial: Filter | undefined;
  readonly partialExpression: RawValue | undefined;
  /** How many writes had finished when its entries were on disk; Infinity before. */
  readyAt: number;
  /** Set once a document held an array on an indexed path: one document, several keys. */
  multikey: boolean;
  /** Set once a value was too long for a key and stands in it by its beginning and a hash. */
  long: boolean;
}

export interface Collection {
  readonly treeId: number;
  readonly uuid: Buffer;
  namespace: string;
  indexes: IndexSpec[];
  /** Set once an `_id` was too long for a key. */
  longIds: boolean;
  /** False until a write that needs the collection has stored its catalog entry. */
  stored: boolean;
  /** The entry in memory knows more than the stored one. */
  dirty: boolean;
}

export const databaseOf = (namespace: string): string => namespace.slice(0, namespace.indexOf('.'));
export const collectionOf = (namespace: string): string =>
  namespace.slice(namespace.indexOf('.') + 1);

export function parseIndex(stored: Fields, treeId: number): IndexSpec {
  const key = stored.get('key') ?? toDocument({});
  const expression = stored.get('partialFilterExpression');
  const partialExpression = expression && expression.isObject ? expression : undefined;
  return {
    treeId,
    name: stored.at('name').text ?? '',
    key,
    fields: key.entries().map(([path, direction]) => ({
      path: parsePath(path),
      descending: (direction.number ?? 1) < 0,
    })),
    unique: stored.at('unique').isTrue,
    partial: partialExpression && compileFilter(partialExpression),
    partialExpression,
    readyAt: 0,
    multikey: stored.at('multikey').isTrue,
    long: stored.at('long').isTrue,
  };
}

/** An index in the words of listIndexes. */
export const describeIndex = (index: IndexSpec): Record<string, unknown> => ({
  v: 2,
  key: index.key,
  name: index.name,
  ...(index.unique ? { unique: true } : {}),
  partialFilterExpression: index.partialExpression,
});

const serializeIndex = (index: IndexSpec): Record<string, unknown> => ({
  ...describeIndex(index),
  treeId: index.treeId,
  multikey: index.multikey,
  long: index.long,
});

const treeIdOf = (stored: Fields): number => stored.at('treeId').number ?? 0;

/** The collections and their indexes, in memory and in LMDB. Tree ids are never used twice. */
export class Catalog {
  readonly #collections = new Map<string, Collection>();
  readonly #db;
  #nextTreeId = 1;

  constructor(store: DurableStore) {
    this.#db = store.env.openDB<Buffer, string>({
      name: 'mongo.catalog',
      encoding: 'binary',
      keyEncoding: 'ordered-binary',
    });
    for (const { key, value } of this.#db.getRange()) {
      if (key.startsWith('collection:')) this.#load(documentValue(value).fields());
      if (key === 'nextTreeId') this.#nextTreeId = value.readUInt32BE(0);
    }
  }

  #load(stored: Fields): void {
    const namespace = stored.at('namespace').text ?? '';
    const uuid = stored.at('uuid');
    this.#collections.set(namespace, {
      treeId: treeIdOf(stored),
      // The length and the subtype come before the bytes.
      uuid: uuid.type === BsonType.binary ? Buffer.from(uuid.bytes.subarray(5)) : Buffer.alloc(16),
      namespace,
      indexes: (stored.get('indexes') ?? toDocument({}))
        .elements()
        .map((value) => value.fields())
        .map((index) => parseIndex(index, treeIdOf(index))),
      longIds: stored.at('longIds').isTrue,
      stored: true,
      dirty: false,
    });
  }

  get(namespace: string): Collection | undefined {
    return this.#collections.get(namespace);
  }

  add(collection: Collection): void {
    this.#collections.set(collection.namespace, collection);
  }

  remove(namespace: string): void {
    this.#collections.delete(namespace);
  }

  /** The collections clients may know of, in name order. */
  list(database?: string): Collection[] {
    return [...this.#collections.values()]
      .filter((collection) => collection.stored)
      .filter(({ namespace }) => database === undefined || databaseOf(namespace) === database)
      .sort((left, right) => (left.namespace < right.namespace ? -1 : 1));
  }

  /** A fresh tree id; stored with the next catalog write. */
  allocateTreeId(): number {
    const id = this.#nextTreeId;
    this.#nextTreeId += 1;
    return id;
  }

  /** Stores a collection's entry; to be called inside a write transaction. */
  store(collection: Collection): void {
    const next = Buffer.alloc(4);
    next.writeUInt32BE(this.#nextTreeId);
    void this.#db.put('nextTreeId', next);
    const entry = {
      namespace: collection.namespace,
      treeId: collection.treeId,
      uuid: new Binary(collection.uuid, Binary.SUBTYPE_UUID),
      indexes: collection.indexes.map(serializeIndex),
      longIds: collection.longIds,
    };
    void this.#db.put(`collection:${collection.namespace}`, toDocument(entry).buf);
  }

  /** Takes a collection's entry out; its trees are emptied later. Inside a write transaction. */
  erase(namespace: string, treeIds: readonly number[]): void {
    void this.#db.remove(`collection:${namespace}`);
    for (const treeId of treeIds) this.markDropped(treeId);
  }

  markDropped(treeId: number): void {
    void this.#db.put(`dropped:${treeId}`, Buffer.alloc(1));
  }

  clearDropped(treeId: number): void {
    void this.#db.remove(`dropped:${treeId}`);
  }

  /** Trees that belong to nothing any more and still have to be emptied. */
  droppedTrees(): number[] {
    const trees: number[] = [];
    for (const key of this.#db.getKeys({ start: 'dropped:', end: 'dropped;' })) {
      trees.push(Number(key.slice('dropped:'.length)));
    }
    return trees;
  }
}

/** Refuses names the server refuses. */
export function checkNamespace(namespace: string): string {
  const database = databaseOf(namespace);
  const collection = collectionOf(namespace);
  const bad =
    database === '' ||
    collection === '' ||
    /[/\\. "$\0]/.test(database) ||
    /[\0$]/.test(collection) ||
    collection.startsWith('system.') ||
    Buffer.byteLength(namespace) > 255;
  if (bad) throw new MongoFault(73, `Invalid namespace specified '${namespace}'`);
  return namespace;
}
