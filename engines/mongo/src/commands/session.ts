import { badValue, MongoFault, noSuchTransaction, writeConflict } from '../bson/errors.js';
import { documentValue } from '../bson/raw.js';
import type { Transaction } from '../sessions/transactions.js';
import { encodeReply, type Reply } from '../wire/message.js';
import { arrayField, flagField, sessionIdOf, type CommandContext } from './context.js';

interface Numbered {
  readonly session: string;
  readonly txnNumber: number;
}

function numbered({ session, txnNumber, command }: CommandContext): Numbered {
  const isInTransaction = flagField(command.body, 'autocommit') === false;
  if (session === undefined || txnNumber === undefined || !isInTransaction) {
    throw badValue(`${command.name} must be run within a transaction`);
  }
  return { session, txnNumber };
}

const OUTCOME = encodeReply({ ok: 1, committed: true });

/** Whether the answer that was kept is that of a commit. */
const isCommit = (answer: Buffer | undefined): boolean =>
  answer !== undefined && documentValue(answer).fields().at('committed').isTrue;

const unknown = (txnNumber: number): MongoFault =>
  noSuchTransaction(`Transaction ${txnNumber} has been aborted or was never started.`);

/**
 * The transaction once nothing of it is under way any more: its last statement has ended and a commit
 * that was begun, perhaps on a connection that was lost since, is over.
 */
async function settled(context: CommandContext): Promise<Transaction | undefined> {
  const { connection, transactions } = context;
  const { session, txnNumber } = numbered(context);
  for (;;) {
    await transactions.commitUnderWay(session, txnNumber);
    const { statement } = transactions.find(session, txnNumber, connection) ?? {};
    await statement;
    const after = transactions.find(session, txnNumber, connection);
    if (transactions.isCommitting(session, txnNumber)) continue;
    if (after?.statement === statement) return after;
  }
}

/** Makes a transaction durable in one LMDB write. Repeating the commit repeats the answer. */
export async function commitTransaction(context: CommandContext): Promise<Reply> {
  const { database, transactions, retries, cursors } = context;
  const { session, txnNumber } = numbered(context);
  const open = await settled(context);
  if (open === undefined) {
    if (isCommit(retries.answered(session, txnNumber))) return { ok: 1 };
    throw unknown(txnNumber);
  }
  cursors.killOfTransaction(session);
  const write = () =>
    database.write(() => {
      for (const [collection, indexes] of open.touched) {
        const isCurrent = database.catalog.get(collection.namespace) === collection;
        if (!isCurrent || indexes !== collection.indexes) {
          throw writeConflict('Collection has changed since the transaction began');
        }
      }
      open.view.commit();
      for (const collection of open.touched.keys()) database.catalog.store(collection);
      retries.store(session, txnNumber, OUTCOME);
    });
  await transactions.commit(open, write);
  return { ok: 1 };
}

/** Forgets a transaction; nothing of it was ever written. */
export async function abortTransaction(context: CommandContext): Promise<Reply> {
  const { connection, transactions, retries, cursors } = context;
  const { session, txnNumber } = numbered(context);
  await transactions.commitUnderWay(session, txnNumber);
  const open = transactions.find(session, txnNumber, connection);
  if (open === undefined) {
    if (!isCommit(retries.answered(session, txnNumber))) throw unknown(txnNumber);
    throw new MongoFault(256, `Transaction ${txnNumber} has been committed.`);
  }
  cursors.killOfTransaction(session);
  transactions.discard(open);
  return { ok: 1 };
}

/** The client is done with these sessions: their open transactions end. */
export function endSessions({ command, cursors, transactions }: CommandContext): Reply {
  for (const lsid of arrayField(command.body, command.name) ?? []) {
    const session = sessionIdOf(lsid);
    if (session === undefined) continue;
    cursors.killOfTransaction(session);
    transactions.endSession(session);
  }
  return { ok: 1 };
}
