import type { Database } from 'lmdb';
import type { DurableStore } from '@keytrail/embedded-storage';
import { MongoFault } from '../bson/errors.js';
import { documentValue, type Fields } from '../bson/raw.js';
import { toDocument } from '../bson/values.js';

const KEPT_MS = 30 * 60 * 1000;

/**
 * The answer to each session's last retryable write or commit, stored in the same LMDB transaction as
 * the write itself: a repeat is answered, not applied, also after a restart.
 */
export class Retries {
  readonly #db: Database<Buffer, Buffer>;

  constructor(store: DurableStore) {
    this.#db = store.env.openDB<Buffer, Buffer>({
      name: 'mongo.retries',
      encoding: 'binary',
      keyEncoding: 'binary',
    });
  }

  #last(session: string): Fields | undefined {
    const stored = this.#db.getBinary(Buffer.from(session, 'hex'));
    return stored && documentValue(stored).fields();
  }

  /** The answer given before to this very statement. Throws when the session is already past it. */
  answered(session: string, txnNumber: number): Buffer | undefined {
    const last = this.#last(session);
    const lastNumber = last?.at('txnNumber').number ?? -1;
    if (lastNumber < txnNumber) return undefined;
    if (lastNumber === txnNumber) return last?.get('reply')?.copy().bytes;
    throw new MongoFault(
      225,
      `Retryable write with txnNumber ${txnNumber} is prohibited on session because a newer one has already started`,
    );
  }

  /** Stores an answer; inside the write transaction of what it answers. */
  store(session: string, txnNumber: number, reply: Buffer): void {
    const outcome = { txnNumber, reply: documentValue(reply), at: new Date() };
    this.#db.putSync(Buffer.from(session, 'hex'), toDocument(outcome).buf);
  }

  /** Removes answers nobody can ask for any more; inside a write transaction. */
  sweep(now: number): void {
    for (const { key, value } of [...this.#db.getRange()]) {
      const { buf, start } = documentValue(value).fields().at('at');
      if (now - Number(buf.readBigInt64LE(start)) > KEPT_MS) this.#db.removeSync(key);
    }
  }
}
