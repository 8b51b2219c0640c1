import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { checkDataFile } from './data-file.js';

/** Code of the error with which writes are rejected once the store has failed or was closed. */
export const STORE_FAILED = 'store_failed';

/**
 * The write was not acknowledged and its outcome is unknown: it may or may not be there after the
 * next start. Whoever waits for it should be cut off rather than told that it failed.
 */
export class StoreFailedError extends Error {
  readonly code = STORE_FAILED;

  constructor(cause: unknown) {
    super('The store has failed and accepts no more writes.', { cause });
    this.name = 'StoreFailedError';
  }
}

export interface DurableStoreOptions {
  /** Directory of the LMDB environment; created when missing, and closed to all but its owner. */
  readonly path: string;
  /**
   * Called once when a commit or fsync fails. The process should then print one line and exit: after
   * a failed fsync the kernel may have dropped the pages, so a second fsync that succeeds proves nothing.
   */
  readonly onFatal: (error: unknown) => void;
  /** Upper limit of named databases. */
  readonly maxDatabases?: number;
}

export interface DurableStore {
  /** The LMDB environment; `env.openDB({ name, … })` opens a named database. Only read from it directly. */
  readonly env: RootDatabase;
  /**
   * Runs `fn` synchronously inside a write transaction and resolves with its result once that
   * transaction is on disk (after the fsync). Concurrent writes share one transaction and one fsync.
   * A throw inside `fn` undoes what that `fn` wrote, and nothing else, and rejects this promise at
   * the same moment as the others of the group are acknowledged.
   * @throws StoreFailedError when the outcome is unknown.
   */
  write<T>(fn: () => T): Promise<T>;
  /** Waits for the writes under way, then closes the environment. */
  close(): Promise<void>;
}

interface PendingWrite {
  /** Runs inside the transaction; the returned function settles the caller's promise afterwards. */
  run(): () => void;
  fail(error: unknown): void;
}

/** Address space, not disk or memory: growing the map later would invalidate readers' views. */
const MAP_SIZE_BYTES = 64 * 1024 ** 3;

/** Snapshots and cursors that may be open at once; beyond it LMDB refuses every read. */
const MAX_READERS = 1_024;

/**
 * Opens (or creates) an LMDB environment whose writes are acknowledged only when they are on disk.
 *
 * @throws DamagedFileError when there is a data file that cannot be opened
 */
export function openDurableStore(options: DurableStoreOptions): DurableStore {
  mkdirSync(options.path, { recursive: true });
  chmodSync(options.path, 0o700);
  checkDataFile(join(options.path, 'data.mdb'));
  const env = open({
    path: options.path,
    noSubdir: false,
    maxDbs: options.maxDatabases ?? 64,
    mapSize: MAP_SIZE_BYTES,
    maxReaders: MAX_READERS,
    // With overlapping syncs, which is the default, a commit is reported before its flush.
    overlappingSync: false,
  });
  for (const file of readdirSync(options.path)) chmodSync(join(options.path, file), 0o600);
  const queue = new GroupCommit(env, options.onFatal);
  let closing: Promise<void> | undefined;
  return {
    env,
    write: (fn) => queue.write(fn),
    close: () => (closing ??= queue.drain().then(() => env.close())),
  };
}

/** Gathers writes while one transaction is under way; the next transaction takes all of them. */
class GroupCommit {
  private waiting: PendingWrite[] = [];
  private running: Promise<void> | undefined;
  private failure: StoreFailedError | undefined;
  private closed = false;

  constructor(
    private readonly env: RootDatabase,
    private readonly onFatal: (error: unknown) => void,
  ) {}

  write<T>(fn: () => T): Promise<T> {
    if (this.failure) return Promise.reject(this.failure);
    if (this.closed) return Promise.reject(new StoreFailedError(new Error('The store is closed.')));
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({
        fail: reject,
        run: () => {
          const result = this.env.childTransaction(fn) as T;
          return () => {
            resolve(result);
          };
        },
      });
      this.running ??= this.commitUntilIdle();
    });
  }

  async drain(): Promise<void> {
    this.closed = true;
    await this.running;
  }

  private async commitUntilIdle(): Promise<void> {
    while (this.waiting.length > 0 && !this.failure) {
      const group = this.waiting;
      this.waiting = [];
      await this.commit(group);
    }
    this.running = undefined;
  }

  private async commit(group: PendingWrite[]): Promise<void> {
    try {
      const settlers = await this.env.transaction(() => group.map(runOne));
      for (const settle of settlers) settle();
    } catch (error) {
      const cause = await commitError(error);
      this.failure = new StoreFailedError(cause);
      for (const write of group.concat(this.waiting)) write.fail(this.failure);
      this.waiting = [];
      this.onFatal(cause);
    }
  }
}

/** lmdb-js rejects a commit with a general error that carries a promise of the one that says why. */
async function commitError(error: unknown): Promise<unknown> {
  if (!(error instanceof Error && 'commitError' in error)) return error;
  return Promise.resolve(error.commitError).catch((reason: unknown) => reason);
}

/** A throwing write has undone itself in its child transaction; its group goes on. */
function runOne(write: PendingWrite): () => void {
  try {
    return write.run();
  } catch (error) {
    return () => {
      write.fail(error);
    };
  }
}
