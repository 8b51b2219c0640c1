import { randomBytes } from 'node:crypto';
import { MongoFault } from './errors.js';
import type { Execution } from './plan/execution.js';
import { CursorReply } from './wire/message.js';

const IDLE_MS = 10 * 60 * 1000;
const MAX_OPEN = 5_000;
export const FIRST_BATCH = 101;

interface OpenCursor {
  readonly namespace: string;
  readonly execution: Execution;
  readonly session: string | undefined;
  readonly inTransaction: boolean;
  lastUsed: number;
  busy: boolean;
}

/** Cursors between two batches; idle ones are closed after ten minutes. */
export class CursorRegistry {
  readonly #open = new Map<bigint, OpenCursor>();

  /** Answers with a first batch, and keeps the cursor if there is more. */
  async open(
    namespace: string,
    execution: Execution,
    options: {
      readonly batchSize: number;
      readonly single: boolean;
      readonly session: string | undefined;
      readonly inTransaction: boolean;
    },
  ): Promise<CursorReply> {
    const { documents, finished } = await execution.take(options.batchSize);
    if (finished || options.single) {
      if (!finished) execution.close();
      return new CursorReply('firstBatch', documents, 0n, namespace);
    }
    if (this.#open.size >= MAX_OPEN) {
      execution.close();
      throw new MongoFault(2, 'too many open cursors');
    }
    const id = randomBytes(8).readBigUInt64BE() >> 1n;
    this.#open.set(id, {
      namespace,
      execution,
      session: options.session,
      inTransaction: options.inTransaction,
      lastUsed: Date.now(),
      busy: false,
    });
    return new CursorReply('firstBatch', documents, id, namespace);
  }

  async getMore(id: bigint, namespace: string, batchSize: number): Promise<CursorReply> {
    const cursor = this.#open.get(id);
    if (cursor?.namespace !== namespace) {
      throw new MongoFault(43, `cursor id ${id.toString()} not found`);
    }
    if (cursor.busy) throw new MongoFault(237, `cursor id ${id.toString()} is already in use`);
    cursor.busy = true;
    try {
      const { documents, finished } = await cursor.execution.take(batchSize);
      if (finished) this.#open.delete(id);
      return new CursorReply('nextBatch', documents, finished ? 0n : id, namespace);
    } catch (error) {
      this.#open.delete(id);
      throw error;
    } finally {
      cursor.busy = false;
      cursor.lastUsed = Date.now();
    }
  }

  /** True if there was such a cursor. */
  kill(id: bigint): boolean {
    const cursor = this.#open.get(id);
    if (cursor?.busy === false) cursor.execution.close();
    return this.#open.delete(id);
  }

  /** Closes what a transaction that is over has left open: its snapshot is gone. */
  killOfTransaction(session: string): void {
    this.#killAll((cursor) => cursor.inTransaction && cursor.session === session);
  }

  killOfNamespace(namespace: string): void {
    this.#killAll((cursor) => cursor.namespace === namespace);
  }

  closeIdle(now: number): void {
    this.#killAll(({ busy, lastUsed }) => !busy && now - lastUsed > IDLE_MS);
  }

  #killAll(chosen: (cursor: OpenCursor) => boolean): void {
    for (const [id, cursor] of this.#open) {
      if (chosen(cursor)) this.kill(id);
    }
  }
}
