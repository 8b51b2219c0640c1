import { randomBytes } from 'node:crypto';
import type { Steps } from '../aggregate/steps.js';
import { MongoFault } from '../bson/errors.js';
import type { RawValue } from '../bson/raw.js';
import { checkSize, MAX_DOCUMENT_BYTES } from '../bson/values.js';
import { CursorReply } from '../wire/message.js';
import type { Clock, Work } from './turns.js';

const IDLE_MS = 10 * 60 * 1000;
const MAX_OPEN = 5_000;
export const FIRST_BATCH = 101;

interface Batch {
  readonly documents: readonly Buffer[];
  readonly isLast: boolean;
}

/** A pipeline, run only as far as the batches asked for. */
export class Cursor {
  /** Found for a batch that had no room for it. */
  #held: RawValue | undefined;
  #ended = false;
  lastUsed = Date.now();
  busy = false;

  /** @param transactionOf the session whose transaction it is read in */
  constructor(
    readonly namespace: string,
    readonly transactionOf: string | undefined,
    private readonly steps: Steps,
    private readonly clock: Clock,
  ) {}

  /** Up to `limit` documents, or fewer when they would exceed 16 MiB. */
  async take(limit: number): Promise<Batch> {
    this.busy = true;
    try {
      return await this.clock.run(this.#batch(limit));
    } finally {
      this.busy = false;
      this.lastUsed = Date.now();
    }
  }

  *#batch(limit: number): Work<Batch> {
    const documents: Buffer[] = [];
    let bytes = 0;
    while (documents.length < limit && (this.#held !== undefined || !this.#ended)) {
      this.#held ??= this.#step();
      bytes += this.#held?.size ?? 0;
      if (documents.length > 0 && bytes > MAX_DOCUMENT_BYTES) break;
      if (this.#held !== undefined) documents.push(checkSize(this.#held.bytes));
      this.#held = undefined;
      yield;
    }
    // A limit that is reached ends the cursor with this batch, not with an empty one more.
    if (limit > 0) this.#held ??= this.#step();
    return { documents, isLast: this.#ended && this.#held === undefined };
  }

  #step(): RawValue | undefined {
    const step = this.steps.next();
    this.#ended = step.done === true;
    return step.done === true ? undefined : step.value;
  }
}

/** Cursors between two batches; idle ones are closed after ten minutes. */
export class CursorRegistry {
  readonly #open = new Map<bigint, Cursor>();

  /** Answers with a first batch, and keeps the cursor if there is more. */
  async open(cursor: Cursor, batchSize: number, isSingle: boolean): Promise<CursorReply> {
    const { documents, isLast } = await cursor.take(batchSize);
    if (isLast || isSingle) return new CursorReply('firstBatch', documents, 0n, cursor.namespace);
    if (this.#open.size >= MAX_OPEN) throw new MongoFault(2, 'too many open cursors');
    const id = randomBytes(8).readBigUInt64BE() >> 1n;
    this.#open.set(id, cursor);
    return new CursorReply('firstBatch', documents, id, cursor.namespace);
  }

  async getMore(id: bigint, namespace: string, batchSize: number): Promise<CursorReply> {
    const cursor = this.#open.get(id);
    if (cursor?.namespace !== namespace) {
      throw new MongoFault(43, `cursor id ${id.toString()} not found`);
    }
    if (cursor.busy) throw new MongoFault(237, `cursor id ${id.toString()} is already in use`);
    try {
      const { documents, isLast } = await cursor.take(batchSize);
      if (isLast) this.#open.delete(id);
      return new CursorReply('nextBatch', documents, isLast ? 0n : id, namespace);
    } catch (error) {
      this.#open.delete(id);
      throw error;
    }
  }

  /** True if there was such a cursor. */
  kill(id: bigint): boolean {
    return this.#open.delete(id);
  }

  /** Closes what a transaction that is over has left open: its snapshot is gone. */
  killOfTransaction(session: string): void {
    this.#killAll(({ transactionOf }) => transactionOf === session);
  }

  killOfNamespace(namespace: string): void {
    this.#killAll((cursor) => cursor.namespace === namespace);
  }

  closeIdle(now: number): void {
    this.#killAll(({ busy, lastUsed }) => !busy && now - lastUsed > IDLE_MS);
  }

  #killAll(chosen: (cursor: Cursor) => boolean): void {
    for (const [id, cursor] of this.#open) {
      if (chosen(cursor)) this.#open.delete(id);
    }
  }
}
