import { setImmediate } from 'node:timers/promises';
import { Doc } from '../aggregate/doc.js';
import type { Output, Stage } from '../aggregate/stage.js';
import { checkSize, MAX_DOCUMENT_BYTES } from '../bson/codec.js';
import { MongoFault } from '../errors.js';
import type { Scan } from './scan.js';

/** A long scan lets other clients in after this time. */
const SLICE_MS = 10;
const CHECK_EVERY = 128;

export interface Batch {
  readonly documents: readonly Buffer[];
  readonly finished: boolean;
}

/** A scan feeding a pipeline, run only as far as the batches asked for. */
export class Execution {
  #returned = 0;
  #workedMs = 0;

  constructor(
    readonly scan: Scan | undefined,
    private readonly head: Stage,
    private readonly output: Output,
    private readonly timeLimitMs = Infinity,
  ) {}

  get returned(): number {
    return this.#returned;
  }

  /** Fetches up to `limit` documents, or fewer when they would exceed 16 MiB. */
  async take(limit: number): Promise<Batch> {
    const begunAt = performance.now();
    await this.#fill(limit, begunAt);
    this.#workedMs += performance.now() - begunAt;
    const documents: Buffer[] = [];
    let bytes = 0;
    for (const doc of this.output.docs) {
      const raw = checkSize(doc.raw);
      if (documents.length >= limit) break;
      if (documents.length > 0 && bytes + raw.length > MAX_DOCUMENT_BYTES) break;
      bytes += raw.length;
      documents.push(raw);
    }
    this.output.docs = this.output.docs.slice(documents.length);
    this.#returned += documents.length;
    return { documents, finished: this.output.ended && this.output.docs.length === 0 };
  }

  async #fill(limit: number, begunAt: number): Promise<void> {
    let sliceEnd = begunAt + SLICE_MS;
    let steps = 0;
    let bytes = 0;
    while (!this.output.ended && this.output.docs.length < limit && bytes < MAX_DOCUMENT_BYTES) {
      const found = this.head.done ? undefined : this.scan?.next();
      if (found === undefined) {
        this.head.end();
        break;
      }
      const before = this.output.docs.length;
      this.head.push(Doc.ofRaw(found.raw));
      if (this.output.docs.length > before) bytes += found.raw.length;
      steps += 1;
      if (steps % CHECK_EVERY === 0 && performance.now() > sliceEnd) {
        await this.#pause(begunAt);
        sliceEnd = performance.now() + SLICE_MS;
      }
    }
    this.#endIfDone();
    this.scan?.suspend();
  }

  /** A limit that is reached ends the cursor with this batch, not with an empty one more. */
  #endIfDone(): void {
    if (!this.output.ended && this.head.done) this.head.end();
  }

  /** The limit is on the work for all batches; the time a client takes between them is its own. */
  async #pause(begunAt: number): Promise<void> {
    this.scan?.suspend();
    if (this.#workedMs + performance.now() - begunAt > this.timeLimitMs) {
      throw new MongoFault(50, 'operation exceeded time limit');
    }
    await setImmediate();
  }
}
