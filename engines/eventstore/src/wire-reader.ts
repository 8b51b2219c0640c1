/**
 * Reads the Protocol Buffers wire format (https://protobuf.dev/programming-guides/encoding/) without
 * building message objects: appended events go from the request to the log as the bytes they are.
 */
export class WireReader {
  private position = 0;
  private wireType = 0;

  constructor(private readonly bytes: Buffer) {}

  /** Moves to the next field and returns its number, or 0 at the end of the message. */
  nextField(): number {
    if (this.position >= this.bytes.length) return 0;
    const tag = this.varint();
    this.wireType = tag % 8;
    return Math.floor(tag / 8);
  }

  /** An unsigned varint; exact up to 2^53, which no revision or position of this store exceeds. */
  varint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.byteAt(this.position++);
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
  }

  /** The bytes of a length-delimited field, as a view. */
  lengthDelimited(): Buffer {
    const length = this.varint();
    const start = this.position;
    this.position += length;
    if (this.position > this.bytes.length) throw new RangeError('Truncated protobuf message.');
    return this.bytes.subarray(start, this.position);
  }

  text(): string {
    return this.lengthDelimited().toString('utf8');
  }

  message(): WireReader {
    return new WireReader(this.lengthDelimited());
  }

  skip(): void {
    if (this.wireType === 0) this.varint();
    else if (this.wireType === 2) this.lengthDelimited();
    else if (this.wireType === 1) this.position += 8;
    else if (this.wireType === 5) this.position += 4;
    else throw new RangeError(`Unknown protobuf wire type ${this.wireType}.`);
  }

  /** The signed 64-bit varint of a structured UUID half, as its two's complement. */
  varint64(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byteAt(this.position++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return BigInt.asUintN(64, value);
  }

  private byteAt(position: number): number {
    const byte = this.bytes[position];
    if (byte === undefined) throw new RangeError('Truncated protobuf message.');
    return byte;
  }
}
