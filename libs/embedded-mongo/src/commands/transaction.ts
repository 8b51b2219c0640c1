import { Binary, type Document } from 'bson';
import { isPlainObject } from '../bson/codec.js';
import { badValue, MongoFault, noSuchTransaction } from '../errors.js';
import type { CommandContext } from './context.js';

interface Numbered {
  readonly session: string;
  readonly txnNumber: number;
}

function numbered({ session, txnNumber, command }: CommandContext): Numbered {
  if (session === undefined || txnNumber === undefined || command.body.autocommit !== false) {
    throw badValue(`${command.name} must be run within a transaction`);
  }
  return { session, txnNumber };
}

/** Makes a transaction durable in one LMDB write. Repeating the commit repeats the answer. */
export async function commitTransaction(context: CommandContext): Promise<Document> {
  const { connection, database, transactions, retries, cursors } = context;
  const { session, txnNumber } = numbered(context);
  const open = transactions.find(session, txnNumber, connection);
  const done = { ok: 1 };
  if (open === undefined) {
    const before = retries.answered(session, txnNumber);
    if (before?.committed === true) return done;
    throw noSuchTransaction(`Transaction ${txnNumber} has been aborted or was never started.`);
  }
  cursors.killOfTransaction(session);
  const outcome = { ok: 1, committed: true };
  try {
    if (open.view.hasWrites) {
      await database.write(() => {
        for (const collection of open.touched) {
          const isCurrent = database.catalog.get(collection.namespace) === collection;
          if (!isCurrent || open.indexesOf.get(collection) !== collection.indexes) {
            throw new MongoFault(112, 'Collection has changed since the transaction began', {}, [
              'TransientTransactionError',
            ]);
          }
        }
        open.view.commit();
        for (const collection of open.touched) database.storeEntry(collection);
        retries.store(session, txnNumber, outcome);
      });
    }
    retries.remember(session, txnNumber, outcome);
    return done;
  } finally {
    transactions.discard(open);
  }
}

/** Forgets a transaction; nothing of it was ever written. */
export function abortTransaction(context: CommandContext): Document {
  const { session, txnNumber } = numbered(context);
  const open = context.transactions.find(session, txnNumber, context.connection);
  if (open === undefined) {
    if (context.retries.answered(session, txnNumber)?.committed === true) {
      throw new MongoFault(256, `Transaction ${txnNumber} has been committed.`);
    }
    throw noSuchTransaction(`Transaction ${txnNumber} has been aborted or was never started.`);
  }
  context.cursors.killOfTransaction(session);
  context.transactions.discard(open);
  return { ok: 1 };
}

/** The client is done with these sessions: their open transactions end. */
export function endSessions(context: CommandContext): Document {
  const list = Object.values(context.command.body)[0] as unknown;
  for (const item of Array.isArray(list) ? (list as unknown[]) : []) {
    if (!isPlainObject(item) || !(item.id instanceof Binary)) continue;
    const session = Buffer.from(item.id.buffer).toString('hex');
    context.cursors.killOfTransaction(session);
    context.transactions.endSession(session);
  }
  return { ok: 1 };
}
