/** A growing byte buffer for order-preserving keys; reused between keys to spare allocations. */
export class KeyWriter {
  buf = Buffer.allocUnsafe(4096);
  length = 0;

  reset(): this {
    this.length = 0;
    return this;
  }

  reserve(extra: number): void {
    const needed = this.length + extra;
    if (needed <= this.buf.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.buf.length * 2));
    this.buf.copy(grown, 0, 0, this.length);
    this.buf = grown;
  }

  byte(value: number): void {
    this.reserve(1);
    this.buf[this.length] = value;
    this.length += 1;
  }

  bytes(source: Uint8Array, start = 0, end = source.length): void {
    this.reserve(end - start);
    if (end - start < 24) {
      for (let index = start; index < end; index += 1) {
        this.buf[this.length + index - start] = source[index] as number;
      }
    } else {
      this.buf.set(source.subarray(start, end), this.length);
    }
    this.length += end - start;
  }

  uint16(value: number): void {
    this.reserve(2);
    this.length = this.buf.writeUInt16BE(value, this.length);
  }

  uint32(value: number): void {
    this.reserve(4);
    this.length = this.buf.writeUInt32BE(value, this.length);
  }

  /** IEEE 754 bytes turned so that they sort as the numbers do; NaN sorts below -Infinity. */
  double(value: number): void {
    this.reserve(8);
    const at = this.length;
    this.length += 8;
    if (Number.isNaN(value)) {
      this.buf.fill(0, at, at + 8);
      return;
    }
    this.buf.writeDoubleBE(value === 0 ? 0 : value, at);
    if (value < 0) this.invertFrom(at);
    else this.buf[at] = (this.buf[at] as number) ^ 0x80;
  }

  /** Flips every byte from `at` on: ascending order becomes descending. */
  invertFrom(at: number): void {
    for (let index = at; index < this.length; index += 1) {
      this.buf[index] = ~(this.buf[index] as number) & 0xff;
    }
  }

  /** A copy of what was written. */
  take(): Buffer {
    return Buffer.from(this.buf.subarray(0, this.length));
  }

  /** What was written, valid until the next reset. */
  peek(): Buffer {
    return this.buf.subarray(0, this.length);
  }
}
