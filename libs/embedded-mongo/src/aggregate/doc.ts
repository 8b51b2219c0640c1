import type { Document } from 'bson';
import { decodeBoxed, decodePlain, encode } from '../bson/codec.js';

/** A document on its way through a pipeline, decoded or encoded only when a stage asks for it. */
export class Doc {
  #raw: Buffer | undefined;
  #boxed: Document | undefined;
  #plain: Document | undefined;

  private constructor(raw: Buffer | undefined, boxed: Document | undefined) {
    this.#raw = raw;
    this.#boxed = boxed;
  }

  static ofRaw(raw: Buffer): Doc {
    return new Doc(raw, undefined);
  }

  static of(boxed: Document): Doc {
    return new Doc(undefined, boxed);
  }

  get raw(): Buffer {
    return (this.#raw ??= encode(this.#boxed ?? {}));
  }

  /** Every BSON type kept; not to be changed in place. */
  get boxed(): Document {
    return (this.#boxed ??= decodeBoxed(this.raw));
  }

  /** Plain JavaScript values, for expressions. */
  get plain(): Document {
    return (this.#plain ??= decodePlain(this.raw));
  }
}
