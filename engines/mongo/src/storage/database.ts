import { openDurableStore, type DurableStore } from '@keytrail/embedded-storage';
import { Catalog } from './catalog.js';
import type { Collection, IndexSpec } from './collection.js';
import { enterDocument } from './documents.js';
import { treeRange } from './index-keys.js';
import { TransactionView, type Claims, type WriteProgress } from './transaction-view.js';
import { LiveView, type DataDb } from './view.js';

/** Entries removed in one write while a dropped tree is emptied in the background. */
const SWEEP_ENTRIES = 2_000;

/** All collections of the store: one LMDB tree of documents and index entries, and the catalog. */
export class DocumentDatabase {
  readonly store: DurableStore;
  readonly catalog: Catalog;
  readonly live: LiveView;
  readonly #data: DataDb;
  readonly #claims: Claims = new Map();
  readonly #progress: WriteProgress = { started: 0, finished: 0 };
  #sweeping: Promise<void> | undefined;
  #closed = false;

  constructor(path: string, onFatal: (error: unknown) => void) {
    this.store = openDurableStore({ path, onFatal });
    const binary = { encoding: 'binary', keyEncoding: 'binary' } as const;
    this.#data = this.store.env.openDB<Buffer, Buffer>({ name: 'mongo.data', ...binary });
    this.live = new LiveView(this.#data);
    this.catalog = new Catalog(this.store);
    this.sweepDropped();
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
    const snapshot = this.#data.useReadTransaction();
    return new TransactionView(this.#data, this.live, snapshot, this.#claims, this.#progress);
  }

  /**
   * Adds an index and enters all documents. Inside a write transaction; a throw undoes the entries.
   * Writers keep it from here on; queries use it once it is ready.
   */
  buildIndex(collection: Collection, index: IndexSpec): void {
    const { start, end } = treeRange(collection.id.treeId);
    for (const { key, value } of this.#data.getRange({ start, end })) {
      enterDocument(this.live, collection, index, key, value);
    }
    index.readyAt = Infinity;
    collection.indexes = [...collection.indexes, index];
    collection.dirty = true;
  }

  /** Lets queries use an index whose entries are on disk. */
  indexIsReady(index: IndexSpec): void {
    index.readyAt = this.#progress.finished;
  }

  dropIndex(collection: Collection, index: IndexSpec): void {
    collection.indexes = collection.indexes.filter((other) => other !== index);
    collection.dirty = true;
    this.catalog.markDropped(index.treeId);
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
    const { entries, isLast } = this.live.read(treeRange(treeId), false, SWEEP_ENTRIES);
    for (const { key } of entries) this.live.remove(key);
    if (isLast) this.catalog.clearDropped(treeId);
    return !isLast;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#sweeping?.catch(() => undefined);
    await this.store.close();
  }
}
