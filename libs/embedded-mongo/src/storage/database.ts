import { randomBytes } from 'node:crypto';
import { openDurableStore, type DurableStore } from '@keytrail/embedded-storage';
import { successor } from '../bson/key-encoding.js';
import { MongoFault } from '../errors.js';
import { Catalog, checkNamespace, type Collection, type IndexSpec } from './catalog.js';
import { indexDocument } from './documents.js';
import { NOTHING, Sizes, sum, type Size } from './sizes.js';
import { treePrefix } from './index-keys.js';
import { TransactionView, type Claims, type WriteProgress } from './transaction-view.js';
import { LiveView, type DataDb, type Entry } from './view.js';

/** Entries removed in one write while a dropped tree is emptied in the background. */
const SWEEP_ENTRIES = 2_000;

/** All collections of the store: one LMDB tree of documents and index entries, and the catalog. */
export class DocumentDatabase {
  readonly store: DurableStore;
  readonly catalog: Catalog;
  readonly live: LiveView;
  readonly sizes: Sizes;
  readonly #data: DataDb;
  readonly #claims: Claims = new Map();
  #sweeping: Promise<void> | undefined;
  readonly #progress: WriteProgress = { started: 0, finished: 0 };
  #closed = false;

  constructor(path: string, onFatal: (error: unknown) => void) {
    this.store = openDurableStore({ path, onFatal });
    const binary = { encoding: 'binary', keyEncoding: 'binary' } as const;
    this.#data = this.store.env.openDB<Buffer, Buffer>({ name: 'mongo.data', ...binary });
    this.sizes = new Sizes(this.store.env.openDB({ name: 'mongo.counts', ...binary }));
    this.live = new LiveView(this.#data, this.sizes);
    this.catalog = new Catalog(this.store);
    this.#measureUnknown();
    this.sweepDropped();
  }

  /** Runs `fn` in one durable LMDB write, see DurableStore.write. */
  async write<T>(fn: () => T): Promise<T> {
    const result = await this.store.write(() => {
      try {
        const done = fn();
        this.sizes.flush();
        this.#progress.started += 1;
        return done;
      } finally {
        this.sizes.discard();
      }
    });
    this.#progress.finished += 1;
    return result;
  }

  /** Opens a snapshot for a multi-document transaction. */
  beginTransaction(): TransactionView {
    return new TransactionView(
      this.#data,
      this.live,
      this.sizes,
      this.#data.useReadTransaction(),
      this.#claims,
      this.#progress,
    );
  }

  require(namespace: string): Collection {
    const collection = this.catalog.get(namespace);
    if (collection === undefined) throw new MongoFault(26, `ns does not exist: ${namespace}`);
    return collection;
  }

  /** The collection, made if there is none; its entry is stored by `storeEntry`. */
  obtain(namespace: string): Collection {
    const existing = this.catalog.get(namespace);
    if (existing !== undefined) return existing;
    const collection: Collection = {
      treeId: this.catalog.allocateTreeId(),
      uuid: randomBytes(16),
      namespace: checkNamespace(namespace),
      indexes: [],
      longIds: false,
      stored: false,
      dirty: false,
    };
    this.catalog.add(collection);
    return collection;
  }

  /** Stores the catalog entry if it is new or has changed. Inside a write transaction. */
  storeEntry(collection: Collection): void {
    if (collection.stored && !collection.dirty) return;
    this.catalog.store(collection);
    collection.stored = true;
    collection.dirty = false;
  }

  /**
   * Adds an index and enters all documents. Inside a write transaction; a throw undoes the entries.
   * Writers keep it from here on; queries use it once it is ready.
   */
  buildIndex(collection: Collection, index: IndexSpec): void {
    for (const { key, value } of this.#tree(collection.treeId)) {
      indexDocument(this.live, collection, index, key, value);
    }
    index.readyAt = Infinity;
    collection.indexes = [...collection.indexes, index];
    this.catalog.store(collection);
  }

  /** Lets queries use an index whose entries are on disk. */
  indexIsReady(index: IndexSpec): void {
    index.readyAt = this.#progress.finished;
  }

  dropIndex(collection: Collection, index: IndexSpec): void {
    collection.indexes = collection.indexes.filter((other) => other !== index);
    this.catalog.store(collection);
    this.catalog.markDropped(index.treeId);
  }

  dropCollection(collection: Collection): void {
    const trees = [collection.treeId, ...collection.indexes.map(({ treeId }) => treeId)];
    this.catalog.erase(collection.namespace, trees);
    this.catalog.remove(collection.namespace);
  }

  /** Starts emptying dropped trees, a few entries at a time so that writes can go between. */
  sweepDropped(): void {
    // A store that fails tells so itself, and what is left is emptied after the next start.
    this.#sweeping ??= this.#emptyDropped()
      .catch(() => undefined)
      .finally(() => {
        this.#sweeping = undefined;
      });
  }

  async #emptyDropped(): Promise<void> {
    for (const treeId of this.catalog.droppedTrees()) {
      while (!this.#closed && (await this.write(() => this.#emptySome(treeId))));
    }
  }

  /** True while there is more to remove. */
  #emptySome(treeId: number): boolean {
    const prefix = treePrefix(treeId);
    const keys = this.#data.getKeys({
      start: prefix,
      end: successor(prefix),
      limit: SWEEP_ENTRIES,
    });
    let removed = 0;
    for (const key of [...keys]) {
      this.live.remove(key);
      removed += 1;
    }
    if (removed === SWEEP_ENTRIES) return true;
    this.sizes.forget(treeId);
    this.catalog.clearDropped(treeId);
    return false;
  }

  #tree(treeId: number): Iterable<Entry> {
    const prefix = treePrefix(treeId);
    return this.#data.getRange({ start: prefix, end: successor(prefix) });
  }

  /** Measures, once, what a release has stored that kept no sizes. */
  #measureUnknown(): void {
    for (const { treeId, indexes } of this.catalog.list()) {
      for (const tree of [treeId, ...indexes.map((index) => index.treeId)]) {
        if (this.sizes.has(tree)) continue;
        let size: Size = NOTHING;
        for (const { key, value } of this.#tree(tree)) {
          size = sum(size, { entries: 1, keyBytes: key.length, valueBytes: value.length });
        }
        this.sizes.put(tree, size);
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#sweeping?.catch(() => undefined);
    await this.store.close();
  }
}
