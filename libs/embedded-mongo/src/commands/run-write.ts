import { setImmediate } from 'node:timers/promises';
import type { Document } from 'bson';
import type { Transaction } from '../sessions/transactions.js';
import type { Collection } from '../storage/catalog.js';
import type { View } from '../storage/view.js';
import type { CommandContext } from './context.js';

/**
 * A write, statement by statement: it may be interrupted wherever it yields. It returns the reply, and
 * takes its collection, made if there is none, from `obtain`.
 */
export type Write = (view: View, obtain: () => Collection) => Generator<void, Document, void>;

/**
 * Runs a write. Outside a transaction: in one durable LMDB write, with its answer if it is retryable.
 * In a transaction: into the buffer, with turns for others in between; any failure aborts the whole
 * transaction, as on the real server.
 */
export async function runWrite(
  context: CommandContext,
  namespace: string,
  write: Write,
): Promise<Document> {
  if (context.transaction !== undefined)
    return runBuffered(context, context.transaction, namespace, write);
  const { database, retries, session, txnNumber } = context;
  const retryable = session !== undefined && txnNumber !== undefined;
  const reply = await database.write(() => {
    const before = retryable ? retries.answered(session, txnNumber) : undefined;
    if (before !== undefined) return before;
    const result = atOnce(write(database.live, () => database.obtain(namespace)));
    const collection = database.catalog.get(namespace);
    if (collection !== undefined && result.ok === 1) database.storeEntry(collection);
    if (retryable) retries.store(session, txnNumber, result);
    return result;
  });
  if (retryable) retries.remember(session, txnNumber, reply);
  return reply;
}

function atOnce<Result>(steps: Generator<void, Result, void>): Result {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

/** Others get a turn at least this often: a guarded request waits for whatever is at work here. */
const LONGEST_TURN_MS = 0.5;

/** Runs steps while the transaction is open; it may end in between, as when its client goes away. */
async function inTurns<Result>(
  steps: Generator<void, Result, void>,
  assertOpen: () => void,
): Promise<Result> {
  let begunAt = performance.now();
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    if (performance.now() - begunAt < LONGEST_TURN_MS) continue;
    await setImmediate();
    assertOpen();
    begunAt = performance.now();
  }
}

async function runBuffered(
  { database, transactions }: CommandContext,
  transaction: Transaction,
  namespace: string,
  write: Write,
): Promise<Document> {
  const { session, txnNumber, view, touched, indexesOf, connection } = transaction;
  const steps = write(view, () => {
    const collection = database.obtain(namespace);
    if (!touched.has(collection)) {
      touched.add(collection);
      indexesOf.set(collection, collection.indexes);
    }
    return collection;
  });
  try {
    const working = inTurns(steps, () => transactions.require(session, txnNumber, connection));
    transaction.statement = working.catch(() => undefined);
    const reply = await working;
    if (reply.writeErrors !== undefined) transactions.discard(transaction);
    return reply;
  } catch (error) {
    transactions.discard(transaction);
    throw error;
  }
}
