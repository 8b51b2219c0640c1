const INITIAL_BYTES = 64 * 1024;
const MAX_INT64_VARINT = Buffer.from('ffffffffffffffff7f', 'hex');
const MAX_UINT64_VARINT = Buffer.from('ffffffffffffffffff01', 'hex');

/**
 * Writes the Protocol Buffers wire format from the end towards the start, so that the length of a
 * nested message is known when its prefix is written. Fields must therefore be written last first.
 */
export class WireWriter {
  private buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  private start = INITIAL_BYTES;

  /** Bytes written so far; the difference of two values is the length of what lies between. */
  get length(): number {
    return this.buffer.length - this.start;
  }

  bytes(field: number, value: Uint8Array): void {
    this.reserve(value.length + 15);
    this.start -= value.length;
    this.buffer.set(value, this.start);
    this.prefix(field, value.length);
  }

  text(field: number, value: string): void {
    const length = Buffer.byteLength(value);
    this.reserve(length + 15);
    this.start -= length;
    this.buffer.write(value, this.start, 'utf8');
    this.prefix(field, length);
  }

  /** An unsigned integer field, exact up to 2^53. */
  uint(field: number, value: number): void {
    this.reserve(20);
    this.varint(value);
    this.varint(field * 8);
  }

  /** The largest signed 64-bit integer, which a number cannot hold exactly. */
  maxInt64(field: number): void {
    this.reserve(20);
    this.raw(MAX_INT64_VARINT);
    this.varint(field * 8);
  }

  /** The largest unsigned 64-bit integer. */
  maxUint64(field: number): void {
    this.reserve(20);
    this.raw(MAX_UINT64_VARINT);
    this.varint(field * 8);
  }

  /** A 64-bit integer given as its bits. */
  bits64(field: number, bits: bigint): void {
    this.reserve(20);
    const bytes: number[] = [];
    for (let left = bits; ; left >>= 7n) {
      const low = Number(left & 0x7fn);
      bytes.push(left < 0x80n ? low : low | 0x80);
      if (left < 0x80n) break;
    }
    this.raw(Uint8Array.from(bytes));
    this.varint(field * 8);
  }

  /** Wraps what was written since `lengthBefore` into a nested message field. */
  message(field: number, lengthBefore: number): void {
    this.reserve(15);
    this.prefix(field, this.length - lengthBefore);
  }

  /** A nested message without fields. */
  empty(field: number): void {
    this.message(field, this.length);
  }

  /** Puts raw bytes in front, outside of any field. */
  raw(value: Uint8Array): void {
    this.reserve(value.length);
    this.start -= value.length;
    this.buffer.set(value, this.start);
  }

  /** Returns a copy of the message and starts over. */
  finish(): Buffer {
    const message = Buffer.from(this.buffer.subarray(this.start));
    this.start = this.buffer.length;
    return message;
  }

  private prefix(field: number, length: number): void {
    this.varint(length);
    this.varint(field * 8 + 2);
  }

  private varint(value: number): void {
    let end = this.start;
    for (let left = value; left >= 0x80; left = Math.floor(left / 0x80)) this.start--;
    this.start--;
    let rest = value;
    let index = this.start;
    for (end--; index < end; index++) {
      this.buffer[index] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.buffer[index] = rest;
  }

  private reserve(size: number): void {
    if (this.start >= size) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.length + size));
    const start = grown.length - this.length;
    this.buffer.copy(grown, start, this.start);
    this.buffer = grown;
    this.start = start;
  }
}
