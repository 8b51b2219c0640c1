import type { Transaction } from '../sessions/transactions.js';
import { nextTurn, type Work } from '../sessions/turns.js';
import type { Collection } from '../storage/collection.js';
import type { View } from '../storage/view.js';
import { encodeReply, type Reply } from '../wire/message.js';
import type { CommandContext } from './context.js';

export type WriteReply = Readonly<Record<string, unknown>>;

/** What a write reads with and writes to. */
export class Writer {
  /** A collection that was asked for, to be stored with what is written. */
  collection: Collection | undefined;

  constructor(
    readonly view: View,
    private readonly take: () => Collection,
  ) {}

  /** The collection, made if there is none; whoever asks is about to write. */
  obtain(): Collection {
    this.collection ??= this.take();
    return this.collection;
  }
}

export type Write = (writer: Writer) => Work<WriteReply>;

/**
 * Runs a write. Outside a transaction: in durable LMDB writes, one unless it takes long, the last of
 * them with its answer if it is retryable. In a transaction: into the buffer; any failure aborts the
 * whole transaction, as on the real server.
 */
export function runWrite(context: CommandContext, namespace: string, write: Write): Promise<Reply> {
  return context.transaction === undefined
    ? runPlain(context, namespace, write)
    : runBuffered(context, context.transaction, namespace, write);
}

/** The longest that a write outside a transaction keeps the store to itself, while it may pause. */
const SLICE_MS = 5;

async function runPlain(context: CommandContext, namespace: string, write: Write): Promise<Reply> {
  const { clock, database, retries, session, txnNumber } = context;
  const { catalog, live } = database;
  const isRetryable = session !== undefined && txnNumber !== undefined;
  const writer = new Writer(live, () => catalog.obtain(namespace));
  const work = write(writer);
  let hasPaused = false;
  const slice = (): Buffer | undefined => {
    const before = isRetryable ? retries.answered(session, txnNumber) : undefined;
    if (before !== undefined) return before;
    // A repeat of a retryable write may find what was written and its answer only together.
    const reply = runSlice(work, hasPaused, () => !isRetryable || writer.collection === undefined);
    if (writer.collection !== undefined) catalog.store(writer.collection);
    if (reply === undefined) return undefined;
    const encoded = encodeReply(reply);
    if (isRetryable) retries.store(session, txnNumber, encoded);
    return encoded;
  };
  for (;;) {
    const reply = await database.write(slice);
    if (reply !== undefined) return reply;
    clock.check();
    await nextTurn();
    hasPaused = true;
  }
}

/** Runs until the work is done, or has taken its time and may pause. */
function runSlice(
  work: Work<WriteReply>,
  hasPaused: boolean,
  mayPause: () => boolean,
): WriteReply | undefined {
  const end = performance.now() + SLICE_MS;
  for (let step = work.next(hasPaused); ; step = work.next(false)) {
    if (step.done === true) return step.value;
    if (mayPause() && performance.now() > end) return undefined;
  }
}

/** Others get a turn at least this often: a guarded request waits for whatever is at work here. */
const LONGEST_TURN_MS = 0.5;

async function runBuffered(
  { clock, database, transactions }: CommandContext,
  transaction: Transaction,
  namespace: string,
  write: Write,
): Promise<Reply> {
  const { session, txnNumber, view, touched, connection } = transaction;
  const writer = new Writer(view, () => {
    const collection = database.catalog.obtain(namespace);
    if (!touched.has(collection)) touched.set(collection, collection.indexes);
    return collection;
  });
  try {
    // It may end in between, as when its client goes away.
    const working = clock.run(write(writer), LONGEST_TURN_MS, () =>
      transactions.require(session, txnNumber, connection),
    );
    transaction.statement = working.catch(() => undefined);
    const reply = await working;
    if (reply.writeErrors !== undefined) transactions.discard(transaction);
    return reply;
  } catch (error) {
    transactions.discard(transaction);
    throw error;
  }
}
