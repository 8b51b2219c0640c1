import type { DurableStore } from '@keytrail/embedded-storage';
import { MongoFault } from '../bson/errors.js';
import { documentValue, type Fields } from '../bson/raw.js';
import { toDocument } from '../bson/values.js';
import {
  collectionOf,
  databaseOf,
  describeIndex,
  newCollection,
  parseIndex,
  type Collection,
} from './collection.js';

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
    const collection = newCollection(stored.at('namespace').text ?? '', treeIdOf(stored));
    const indexes = stored.get('indexes')?.elements() ?? [];
    collection.indexes = indexes
      .map((index) => index.fields())
      .map((index) => parseIndex(index, treeIdOf(index)));
    collection.id.long = stored.at('longIds').isTrue;
    collection.stored = true;
    collection.dirty = false;
    this.#collections.set(collection.namespace, collection);
  }

  get(namespace: string): Collection | undefined {
    return this.#collections.get(namespace);
  }

  /** The collection, made if there is none; clients know of it once its entry is stored. */
  obtain(namespace: string): Collection {
    const existing = this.#collections.get(namespace);
    if (existing !== undefined) return existing;
    const collection = newCollection(checkNamespace(namespace), this.allocateTreeId());
    this.#collections.set(namespace, collection);
    return collection;
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

  /** Stores a collection's entry if there is something new in it. Inside a write transaction. */
  store(collection: Collection): void {
    if (!collection.dirty) return;
    const next = Buffer.alloc(4);
    next.writeUInt32BE(this.#nextTreeId);
    void this.#db.put('nextTreeId', next);
    const { namespace, id, indexes } = collection;
    const entry = {
      namespace,
      treeId: id.treeId,
      longIds: id.long,
      indexes: indexes.map((index) => {
        const { treeId, long } = index;
        return { ...describeIndex(index), treeId, long };
      }),
    };
    void this.#db.put(`collection:${namespace}`, toDocument(entry).buf);
    collection.stored = true;
    collection.dirty = false;
  }

  /** Takes a collection out; its trees are emptied later. Inside a write transaction. */
  erase({ namespace, id, indexes }: Collection): void {
    this.#collections.delete(namespace);
    void this.#db.remove(`collection:${namespace}`);
    for (const { treeId } of [id, ...indexes]) this.markDropped(treeId);
  }

  markDropped(treeId: number): void {
    void this.#db.put(`dropped:${treeId}`, Buffer.alloc(1));
  }

  clearDropped(treeId: number): void {
    void this.#db.remove(`dropped:${treeId}`);
  }

  /** Trees that belong to nothing any more and still have to be emptied. */
  droppedTrees(): number[] {
    return Array.from(this.#db.getKeys({ start: 'dropped:', end: 'dropped;' }), (key) =>
      Number(key.slice('dropped:'.length)),
    );
  }
}

/** Refuses names the server refuses. */
function checkNamespace(namespace: string): string {
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
