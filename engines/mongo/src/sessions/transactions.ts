import { MongoFault, noSuchTransaction, writeConflict } from '../bson/errors.js';
import type { Collection } from '../storage/collection.js';
import type { DocumentDatabase } from '../storage/database.js';
import type { TransactionView } from '../storage/transaction-view.js';
import type { Connection } from '../wire/connection.js';

/** After this a forgotten transaction is aborted, as transactionLifetimeLimitSeconds says. */
const LIFETIME_MS = 60_000;
/** Buffered writes cost memory, and each snapshot one of LMDB's places for readers. */
const MAX_OPEN = 500;

export interface Transaction {
  readonly session: string;
  readonly txnNumber: number;
  readonly view: TransactionView;
  /** What it has written to, with the indexes of then: entries for a new one would be missing. */
  readonly touched: Map<Collection, Collection['indexes']>;
  readonly expires: NodeJS.Timeout;
  /** Where its last statement came from. */
  connection: Connection;
  /** Settles with its last statement, which may still be at work: it lets others have their turns. */
  statement: Promise<unknown>;
}

interface Commit {
  readonly txnNumber: number;
  readonly done: Promise<unknown>;
}

/** The open multi-document transactions, one for each session at most. */
export class Transactions {
  readonly #open = new Map<string, Transaction>();
  readonly #committing = new Map<string, Commit>();

  constructor(private readonly database: DocumentDatabase) {}

  start(session: string, txnNumber: number, connection: Connection): Transaction {
    const open = this.#open.get(session);
    if (open !== undefined) {
      if (open.txnNumber >= txnNumber) {
        throw new MongoFault(
          225,
          `Cannot start transaction ${txnNumber} on session: it is too old`,
        );
      }
      this.discard(open);
    }
    if (this.#open.size >= MAX_OPEN) {
      throw writeConflict('Too many open transactions');
    }
    const transaction: Transaction = {
      session,
      txnNumber,
      view: this.database.beginTransaction(),
      touched: new Map(),
      expires: setTimeout(() => {
        this.discard(transaction);
      }, LIFETIME_MS).unref(),
      connection,
      statement: Promise.resolve(),
    };
    this.#open.set(session, transaction);
    return transaction;
  }

  /** The open transaction, for a statement of its client. */
  find(session: string, txnNumber: number, connection: Connection): Transaction | undefined {
    const open = this.#open.get(session);
    if (open?.txnNumber !== txnNumber) return undefined;
    open.connection = connection;
    return open;
  }

  require(session: string, txnNumber: number, connection: Connection): Transaction {
    const open = this.find(session, txnNumber, connection);
    if (open !== undefined) return open;
    throw noSuchTransaction(
      `Given transaction number ${txnNumber} does not match any in-progress transactions.`,
    );
  }

  /**
   * Takes a transaction out for its commit: from here on nobody can end it, write in it or commit it
   * once more. Its claims hold until the commit is over.
   */
  async commit(transaction: Transaction, write: () => Promise<void>): Promise<void> {
    const { session, txnNumber, view, expires } = transaction;
    this.#open.delete(session);
    clearTimeout(expires);
    const done = write().finally(() => {
      view.release();
      if (this.#committing.get(session) === commit) this.#committing.delete(session);
    });
    const commit = { txnNumber, done };
    this.#committing.set(session, commit);
    await done;
  }

  /** Settles with the commit of a transaction that is under way; at once when there is none. */
  async commitUnderWay(session: string, txnNumber: number): Promise<void> {
    const commit = this.#committing.get(session);
    if (commit?.txnNumber === txnNumber) await commit.done.catch(() => undefined);
  }

  isCommitting(session: string, txnNumber: number): boolean {
    return this.#committing.get(session)?.txnNumber === txnNumber;
  }

  /** Forgets a transaction: nothing of it was written, or all of it is. */
  discard(transaction: Transaction): void {
    if (this.#open.get(transaction.session) !== transaction) return;
    this.#open.delete(transaction.session);
    clearTimeout(transaction.expires);
    transaction.view.release();
  }

  /** A session that ends takes its transaction along. */
  endSession(session: string): void {
    const open = this.#open.get(session);
    if (open !== undefined) this.discard(open);
  }

  /**
   * A client that is gone takes its transactions along, so that nobody waits out their lifetime. One
   * that is still there and only lost a connection is told to begin anew.
   */
  leave(connection: Connection): void {
    for (const open of [...this.#open.values()]) {
      if (open.connection === connection) this.discard(open);
    }
  }

  close(): void {
    for (const transaction of [...this.#open.values()]) this.discard(transaction);
  }
}
