import { documentValue, MISSING, type RawValue } from '../bson/raw.js';

import { badValue, MongoFault, noSuchTransaction, writeConflict } from '../errors.js';
import type { Transaction } from '../sessions/transactions.js';
import { encodeReply, type Reply } from '../wire/message.js';
import { flagField, sessionIdOf, type CommandContext } from './context.js';

interface Numbered {
  readonly session: string;
  readonly txnNumber: number;
}

function numbered({ session, txnNumber, command }: CommandContext): Numbered {
  if (
    session === undefined ||
    txnNumber === undefined ||
    flagField(command.body, 'autocommit') !== false
  ) {
    throw badValue(`${command.name} must be run within a transaction`);
  }
  return { session, txnNumber };
}

const OUTCOME = encodeReply({ ok: 1, committed: true });

/** Whether the answer that was kept is that of a commit. */
const isCommit = (answer: Buffer | undefined): boolean => {
  return answer !== undefined && documentValue(answer).fields().at('committed').isTrue;
};

/**
 * The transaction once nothing of it is under way any more: its last statement has ended and a commit
 * that was begun, perhaps on a connection that was lost since, is over.
 */
async function settled(context: CommandContext): Promise<Transaction | undefined> {
  const { connection, transactions } = context;
  const { session, txnNumber } = numbered(context);
  for (;;) {
    await transactions.commitUnderWay(session, txnNumber);
    const open = transactions.find(session, txnNumber, connection);
    const { statement } = open ?? {};
    await statement;
    const after = transactions.find(session, txnNumber, connection);
    if (transactions.isCommitting(session, txnNumber)) continue;
    if (after?.statement === statement) return after;
  }
}

/** Makes a transaction durable in one LMDB write. Repeating the commit repeats the answer. */
export async function commitTransaction(context: CommandContext): Promise<Reply> {
  const { transactions, retries, cursors } = context;
  const { session, txnNumber } = numbered(context);
  const open = await settled(context);
  if (open === undefined) {
    if (isCommit(retries.answered(session, txnNumber))) return { ok: 1 };
    throw noSuchTransaction(`Transaction ${txnNumber} has been aborted or was never started.`);
  }
  cursors.killOfTransaction(session);
  await transactions.commit(open, () => writeTransaction(context, open));
  return { ok: 1 };
}

async function writeTransaction(
  { database, retries }: CommandContext,
  { session, txnNumber, view, touched, indexesOf }: Transaction,
): Promise<void> {
  if (view.hasWrites) {
    await database.write(() => {
      for (const collection of touched) {
        const isCurrent = database.catalog.get(collection.namespace) === collection;
        if (!isCurrent || indexesOf.get(collection) !== collection.indexes) {
          throw writeConflict('Collection has changed since the transaction began');
        }
      }
      view.commit();
      for (const collection of touched) database.storeEntry(collection);
      retries.store(session, txnNumber, OUTCOME);
    });
  }
  retries.remember(session, txnNumber, OUTCOME);
}

/** Forgets a transaction; nothing of it was ever written. */
export async function abortTransaction(context: CommandContext): Promise<Reply> {
  const { connection, transactions, retries, cursors } = context;
  const { session, txnNumber } = numbered(context);
  await transactions.commitUnderWay(session, txnNumber);
  const open = transactions.find(session, txnNumber, connection);
  if (open === undefined) {
    if (isCommit(retries.answered(session, txnNumber))) {
      throw new MongoFault(256, `Transaction ${txnNumber} has been committed.`);
    }
    throw noSuchTransaction(`Transaction ${txnNumber} has been aborted or was never started.`);
  }
  cursors.killOfTransaction(session);
  transactions.discard(open);
  return { ok: 1 };
}

/** The client is done with these sessions: their open transactions end. */
export function endSessions({ command, cursors, transactions }: CommandContext): Reply {
  const list: RawValue = command.body.get(command.name) ?? MISSING;
  for (const item of list.isArray ? list.elements() : []) {
    const session = sessionIdOf(item);
    if (session === undefined) continue;
    cursors.killOfTransaction(session);
    transactions.endSession(session);
  }
  return { ok: 1 };
}
