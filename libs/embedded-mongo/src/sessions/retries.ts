import type { Database } from 'lmdb';
import type { DurableStore } from '@keytrail/embedded-storage';
import { documentValue, findField, type RawValue } from '../bson/raw.js';
import { toDocument } from '../bson/values.js';
import { MongoFault } from '../errors.js';

const KEPT_MS = 30 * 60 * 1000;
const AT = Buffer.from('at');

const timeOf = ({ buf, start }: RawValue): number => Number(buf.readBigInt64LE(start));

interface Outcome {
  readonly txnNumber: number;
  /** Encoded. */
  readonly reply: Buffer;
}

/**
 * The answer to each session's last retryable write or commit, stored in the same LMDB transaction as
 * the write itself: a repeat is answered, not applied, also after a restart.
 */
export class Retries {
  readonly #db: Database<Buffer, Buffer>;
  readonly #recent = new Map<string, Outcome>();

  constructor(store: DurableStore) {
    this.#db = store.env.openDB<Buffer, Buffer>({
      name: 'mongo.retries',
      encoding: 'binary',
      keyEncoding: 'binary',
    });
  }

  /** What is at hand may be older than what a repeat in the same write has just stored. */
  #last(session: string, txnNumber: number): Outcome | undefined {
    const known = this.#recent.get(session);
    if (known !== undefined && known.txnNumber >= txnNumber) return known;
    const stored = this.#db.getBinary(Buffer.from(session, 'hex'));
    if (stored === undefined) return known;
    const outcome = documentValue(stored).fields();
    return {
      txnNumber: outcome.at('txnNumber').number ?? 0,
      reply: Buffer.from((outcome.get('reply') ?? documentValue(stored)).bytes),
    };
  }

  /** The answer given before to this very statement. Throws when the session is already past it. */
  answered(session: string, txnNumber: number): Buffer | undefined {
    const last = this.#last(session, txnNumber);
    if (last === undefined || last.txnNumber < txnNumber) return undefined;
    if (last.txnNumber === txnNumber) return last.reply;
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

  /** Keeps an answer at hand once its write is on disk. */
  remember(session: string, txnNumber: number, reply: Buffer): void {
    this.#recent.delete(session);
    this.#recent.set(session, { txnNumber, reply });
    if (this.#recent.size <= 10_000) return;
    const oldest = this.#recent.keys().next().value;
    if (oldest !== undefined) this.#recent.delete(oldest);
  }

  /** Removes answers nobody can ask for any more; inside a write transaction. */
  sweep(now: number): void {
    const expired: Buffer[] = [];
    for (const { key, value } of this.#db.getRange()) {
      const at = findField(value, 0, AT);
      if (at !== undefined && now - timeOf(at) > KEPT_MS) expired.push(Buffer.from(key));
    }
    for (const key of expired) {
      this.#db.removeSync(key);
      this.#recent.delete(key.toString('hex'));
    }
  }
}
