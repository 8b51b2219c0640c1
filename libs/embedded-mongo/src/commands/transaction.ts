import { Binary, type Document } from 'bson';
import { isPlainObject } from '../bson/codec.js';
import { badValue, MongoFault, noSuchTransaction } from '../errors.js';
import type { Transaction } from '../sessions/transactions.js';
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
  const { connection, transactions, retries, cursors } = context;
  const { session, txnNumber } = numbered(context);
  const done = { ok: 1 };
  await transactions.commitUnderWay(session, txnNumber);
  await transactions.find(session, txnNumber, connection)?.statement;
  const open = transactions.find(session, txnNumber, connection);
  if (open === undefined) {
    const before = retries.answered(session, txnNumber);
    if (before?.committed === true) return done;
    throw noSuchTransaction(`Transaction ${txnNumber} has been aborted or was never started.`);
  }
  cursors.killOfTransaction(session);
  await transactions.commit(open, () => writeTransaction(context, open));
  return done;
}

async function writeTransaction(
  { database, retries }: CommandContext,
  { session, txnNumber, view, touched, indexesOf }: Transaction,
): Promise<void> {
  const outcome = { ok: 1, committed: true };
  if (view.hasWrites) {
    await database.write(() => {
      for (const collection of touched) {
        const isCurrent = database.catalog.get(collection.namespace) === collection;
        if (!isCurrent || indexesOf.get(collection) !== collection.indexes) {
          throw new MongoFault(112, 'Collection has changed since the transaction began', {}, [
            'TransientTransactionError',
          ]);
        }
      }
      view.commit();
      for (const collection of touched) database.storeEntry(collection);
      retries.store(session, txnNumber, outcome);
    });
  }
  retries.remember(session, txnNumber, outcome);
}

/** Forgets a transaction; nothing of it was ever written. */
export async function abortTransaction(context: CommandContext): Promise<Document> {
  const { connection, transactions, retries, cursors } = context;
  const { session, txnNumber } = numbered(context);
  await transactions.commitUnderWay(session, txnNumber);
  const open = transactions.find(session, txnNumber, connection);
  if (open === undefined) {
    if (retries.answered(session, txnNumber)?.committed === true) {
      throw new MongoFault(256, `Transaction ${txnNumber} has been committed.`);
    }
    throw noSuchTransaction(`Transaction ${txnNumber} has been aborted or was never started.`);
  }
  cursors.killOfTransaction(session);
  transactions.discard(open);
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
