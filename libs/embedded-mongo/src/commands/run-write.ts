import { Reader } from '../plan/reader.js';
import type { Transaction } from '../sessions/transactions.js';
import type { Collection } from '../storage/catalog.js';
import type { View } from '../storage/view.js';
import { nextTurn, type Clock } from '../turns.js';
import { encodeReply, type Reply } from '../wire/message.js';
import { clockOf, type CommandContext } from './context.js';

/** A write step by step: it may be interrupted wherever it yields. */
export type Work<Result> = Generator<void, Result, void>;

export type WriteReply = Readonly<Record<string, unknown>>;

/** What a write reads with and writes to. */
export class Writer {
  /** A collection that was asked for, to be stored with what is written. */
  collection: Collection | undefined;
  /** Something has been written: a repeat of a retryable write may find that and its answer only together. */
  hasWritten = false;

  constructor(
    readonly reader: Reader,
    private readonly take: () => Collection,
  ) {}

  get view(): View {
    return this.reader.view;
  }

  /** The collection, made if there is none; whoever asks is about to write. */
  obtain(): Collection {
    this.hasWritten = true;
    this.collection = this.take();
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
  const clock = clockOf(context.command.body);
  clock.begin();
  if (context.transaction !== undefined) {
    return runBuffered(context, context.transaction, namespace, write, clock);
  }
  return runPlain(context, namespace, write, clock);
}

/** The longest that a write outside a transaction keeps the store to itself, while it may pause. */
const SLICE_MS = 5;

async function runPlain(
  context: CommandContext,
  namespace: string,
  write: Write,
  clock: Clock,
): Promise<Reply> {
  const { database, retries, session, txnNumber } = context;
  const isRetryable = session !== undefined && txnNumber !== undefined;
  const writer = new Writer(new Reader(database.live), () => database.obtain(namespace));
  const work = write(writer);
  const slice = (): Buffer | undefined => {
    const before = isRetryable ? retries.answered(session, txnNumber) : undefined;
    if (before !== undefined) return before;
    const reply = runSlice(work, () => !isRetryable || !writer.hasWritten);
    writer.reader.suspend();
    if (writer.collection !== undefined) database.storeEntry(writer.collection);
    if (reply === undefined) return undefined;
    const encoded = encodeReply(reply);
    if (isRetryable) retries.store(session, txnNumber, encoded);
    return encoded;
  };
  try {
    for (;;) {
      const reply = await database.write(slice);
      if (reply !== undefined) {
        if (isRetryable) retries.remember(session, txnNumber, reply);
        return reply;
      }
      clock.check();
      await nextTurn();
    }
  } finally {
    writer.reader.suspend();
    work.return({});
  }
}

/** Runs until the work is done, or has taken its time and may pause. */
function runSlice(work: Work<WriteReply>, mayPause: () => boolean): WriteReply | undefined {
  const end = performance.now() + SLICE_MS;
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (mayPause() && performance.now() > end) return undefined;
  }
}

/** Others get a turn at least this often: a guarded request waits for whatever is at work here. */
const LONGEST_TURN_MS = 0.5;

/** Runs steps while the transaction is open; it may end in between, as when its client goes away. */
async function inTurns(
  work: Work<WriteReply>,
  reader: Reader,
  clock: Clock,
  assertOpen: () => void,
): Promise<WriteReply> {
  try {
    let begunAt = performance.now();
    for (let step = work.next(); ; step = work.next()) {
      if (step.done === true) return step.value;
      if (performance.now() - begunAt < LONGEST_TURN_MS) continue;
      reader.suspend();
      clock.check();
      await nextTurn();
      assertOpen();
      begunAt = performance.now();
    }
  } finally {
    work.return({});
    reader.suspend();
  }
}

async function runBuffered(
  { database, transactions }: CommandContext,
  transaction: Transaction,
  namespace: string,
  write: Write,
  clock: Clock,
): Promise<Reply> {
  const { session, txnNumber, view, touched, indexesOf, connection } = transaction;
  const reader = new Reader(view);
  const writer = new Writer(reader, () => {
    const collection = database.obtain(namespace);
    if (!touched.has(collection)) {
      touched.add(collection);
      indexesOf.set(collection, collection.indexes);
    }
    return collection;
  });
  try {
    const working = inTurns(write(writer), reader, clock, () =>
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
