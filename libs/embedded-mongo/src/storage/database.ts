import { randomBytes } from 'node:crypto';
import { openDurableStore, type DurableStore } from '@keytrail/embedded-storage';
import { successor } from '../bson/key-encoding.js';
import { MongoFault } from '../errors.js';
import { Catalog, checkNamespace, type Collection, type IndexSpec } from './catalog.js';
import { indexDocument } from './documents.js';
import { treePrefix } from './index-keys.js';
import { TransactionView, type Claims, type WriteProgress } from './transaction-view.js';
import { LiveView, type DataDb, type View } from './view.js';

/** Entries removed in one write while a dropped tree is emptied in the background. */
const SWEEP_ENTRIES = 2_000;

/** All collections of the store: one LMDB tree of documents and index entries, and the catalog. */
export class DocumentDatabase {
  readonly store: DurableStore;
  readonly catalog: Catalog;
  readonly live: LiveView;
  readonly #data: DataDb;
  readonly #claims: Claims = new Map();
  #sweeping: Promise<void> | undefined;
  readonly #progress: WriteProgress = { started: 0, finished: 0 };
  #closed = false;

  constructor(path: string, onFatal: (error: unknown) => void) {
    this.store = openDurableStore({ path, onFatal });
    const binary = { encoding: 'binary', keyEncoding: 'binary' } as const;
    this.#data = this.store.env.openDB<Buffer, Buffer>({ name: 'mongo.data', ...binary });
    const counts = this.store.env.openDB<Buffer, Buffer>({ name: 'mongo.counts', ...binary });
    this.live = new LiveView(this.#data, counts);
    this.catalog = new Catalog(this.store);
    this.#sweep();
  }

  /** Runs `fn` in one durable LMDB write, see DurableStore.write. */
  async write<T>(fn: () => T): Promise<T> {
    const result = await this.store.write(() => {
      const done = fn();
      this.#progress.started += 1;
      return done;
    });
    this.#progress.finished += 1;
    return result;
  }

  /** Opens a snapshot for a multi-document transaction. */
  beginTransaction(): TransactionView {
    return new TransactionView(
      this.#data,
      this.live,
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
    const prefix = treePrefix(collection.treeId);
    const entries = this.live.range({ start: prefix, end: successor(prefix) }, false);
    for (let step = entries.next(); step.done !== true; step = entries.next()) {
      indexDocument(this.live, collection, index, step.value.key, step.value.value);
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

  /** @param target a name that was checked: nothing may fail once the catalog has changed */
  renameCollection(collection: Collection, target: string): void {
    this.catalog.erase(collection.namespace, []);
    this.catalog.remove(collection.namespace);
    collection.namespace = target;
    this.catalog.add(collection);
    this.catalog.store(collection);
  }

  /** Starts emptying dropped trees, a few entries at a time so that writes can go between. */
  sweepDropped(): void {
    this.#sweep();
  }

  #sweep(): void {
    this.#sweeping ??= this.#emptyDropped().finally(() => {
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
    this.live.addCount(treeId, -this.live.documentCount(treeId));
    this.catalog.clearDropped(treeId);
    return false;
  }

  viewOf(transaction: TransactionView | undefined): View {
    return transaction ?? this.live;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#sweeping?.catch(() => undefined);
    await this.store.close();
  }
}
