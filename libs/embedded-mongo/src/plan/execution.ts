import type { Steps } from '../aggregate/steps.js';
import type { RawValue } from '../bson/raw.js';
import { checkSize, MAX_DOCUMENT_BYTES } from '../bson/values.js';
import type { Clock } from '../turns.js';
import type { Reader } from './reader.js';

export interface Batch {
  readonly documents: readonly Buffer[];
  readonly finished: boolean;
}

/** A pipeline over the scans of a reader, run only as far as the batches asked for. */
export class Execution {
  returned = 0;
  /** Found for a batch that had no room for it. */
  #held: RawValue | undefined;
  #ended = false;

  constructor(
    readonly reader: Reader,
    private readonly steps: Steps,
    private readonly clock: Clock,
  ) {}

  /** Fetches up to `limit` documents, or fewer when they would exceed 16 MiB. */
  async take(limit: number): Promise<Batch> {
    this.clock.begin();
    const documents: Buffer[] = [];
    try {
      await this.#fill(documents, limit);
      this.clock.check();
    } catch (error) {
      this.close();
      throw error;
    } finally {
      this.clock.end();
      this.reader.suspend();
    }
    this.returned += documents.length;
    return { documents, finished: this.#ended && this.#held === undefined };
  }

  async #fill(documents: Buffer[], limit: number): Promise<void> {
    let bytes = 0;
    while (documents.length < limit) {
      const next = await this.#next();
      if (next === undefined) return;
      bytes += next.size;
      if (documents.length > 0 && bytes > MAX_DOCUMENT_BYTES) {
        this.#held = next;
        return;
      }
      documents.push(checkSize(next.bytes));
    }
    // A limit that is reached ends the cursor with this batch, not with an empty one more.
    if (limit > 0 && !this.#ended) this.#held = this.#step();
  }

  async #next(): Promise<RawValue | undefined> {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) return held;
    while (!this.#ended) {
      const document = this.#step();
      if (this.clock.step()) {
        this.reader.suspend();
        await this.clock.pause();
      }
      if (document !== undefined) return document;
    }
    return undefined;
  }

  #step(): RawValue | undefined {
    const step = this.steps.next();
    this.#ended = step.done === true;
    return step.done === true ? undefined : step.value;
  }

  /** Lets go of all that was opened for it. */
  close(): void {
    this.#ended = true;
    this.#held = undefined;
    this.steps.return();
    this.reader.suspend();
  }
}
