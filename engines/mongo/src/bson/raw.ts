import { BsonType, invalid, valueEnd } from './types.js';

export { BsonType };

/** One value inside a BSON buffer: its type and the bytes [start, end). */
export class RawValue {
  constructor(
    readonly buf: Buffer,
    readonly type: number,
    readonly start: number,
    readonly end: number,
  ) {}

  /** The bytes of the value alone. */
  get bytes(): Buffer {
    if (this.start === 0 && this.end === this.buf.length) return this.buf;
    return this.buf.subarray(this.start, this.end);
  }

  get size(): number {
    return this.end - this.start;
  }

  /** The same value apart from the document it came in, which may then be forgotten. */
  copy(): RawValue {
    return new RawValue(Buffer.from(this.bytes), this.type, 0, this.size);
  }

  get isObject(): boolean {
    return this.type === BsonType.object;
  }

  get isArray(): boolean {
    return this.type === BsonType.array;
  }

  get isRegex(): boolean {
    return this.type === BsonType.regex;
  }

  get isMissing(): boolean {
    return this.type === BsonType.missing;
  }

  get isNullish(): boolean {
    return this.isMissing || this.type === BsonType.null;
  }

  get isNumeric(): boolean {
    return this.number !== undefined;
  }

  /** The number in a value, as near as a double comes; undefined for anything else. */
  get number(): number | undefined {
    switch (this.type) {
      case BsonType.int32:
        return this.buf.readInt32LE(this.start);
      case BsonType.double:
        return this.buf.readDoubleLE(this.start);
      case BsonType.int64:
        return Number(this.buf.readBigInt64LE(this.start));
      default:
        return undefined;
    }
  }

  get text(): string | undefined {
    if (this.type !== BsonType.string) return undefined;
    return this.buf.toString('utf8', this.start + 4, this.end - 1);
  }

  /** What the server takes for true: everything but false, null, a missing value and any zero. */
  get isTrue(): boolean {
    if (this.isNullish) return false;
    if (this.type === BsonType.bool) return this.buf[this.start] === 1;
    return this.number !== 0;
  }

  /** The fields of a document in their order, or the elements of an array under their numbers. */
  entries(): [string, RawValue][] {
    const reader = new ElementReader(this.buf, this.start);
    const entries: [string, RawValue][] = [];
    while (reader.next()) entries.push([reader.name, reader.value()]);
    return entries;
  }

  fields(): Fields {
    return new Fields(this.entries());
  }

  elements(): RawValue[] {
    const reader = new ElementReader(this.buf, this.start);
    const values: RawValue[] = [];
    while (reader.next()) values.push(reader.value());
    return values;
  }

  /** A document whose fields are operators. */
  get hasOperators(): boolean {
    return this.first()[0]?.startsWith('$') === true;
  }

  /** The first field of a document; nothing for anything else. */
  first(): readonly [string?, RawValue?] {
    if (!this.isObject) return [];
    const reader = new ElementReader(this.buf, this.start);
    return reader.next() ? [reader.name, reader.value()] : [];
  }
}

/** The fields of a document by their names, in their order. */
export class Fields extends Map<string, RawValue> {
  /** A field, or the missing value. */
  at(name: string): RawValue {
    return this.get(name) ?? MISSING;
  }
}

export const MISSING = new RawValue(Buffer.alloc(0), BsonType.missing, 0, 0);

/** A whole encoded document as a value. */
export const documentValue = (raw: Buffer): RawValue =>
  new RawValue(raw, BsonType.object, 0, raw.length);

/** Steps through the elements of the BSON document (or array) at `docStart` without decoding. */
export class ElementReader {
  type = 0;
  nameStart = 0;
  nameEnd = 0;
  start = 0;
  end: number;
  private readonly limit: number;

  constructor(
    readonly buf: Buffer,
    docStart: number,
  ) {
    this.end = docStart + 4;
    this.limit = docStart + buf.readInt32LE(docStart) - 1;
    if (this.limit >= buf.length || this.limit < this.end) throw invalid();
  }

  next(): boolean {
    const at = this.end;
    if (at >= this.limit) return false;
    this.type = this.buf[at] as number;
    this.nameStart = at + 1;
    let nameEnd = at + 1;
    while (this.buf[nameEnd] !== 0 && nameEnd < this.limit) nameEnd += 1;
    this.nameEnd = nameEnd;
    this.start = nameEnd + 1;
    this.end = valueEnd(this.buf, this.type, this.start);
    if (this.end > this.limit || this.end < this.start) throw invalid();
    return true;
  }

  get name(): string {
    return this.buf.toString('utf8', this.nameStart, this.nameEnd);
  }

  get elementStart(): number {
    return this.nameStart - 1;
  }

  nameIs(name: Buffer): boolean {
    const length = this.nameEnd - this.nameStart;
    if (length !== name.length) return false;
    for (let index = 0; index < length; index += 1) {
      if (this.buf[this.nameStart + index] !== name[index]) return false;
    }
    return true;
  }

  value(): RawValue {
    return new RawValue(this.buf, this.type, this.start, this.end);
  }
}

/** The field called `name` of the document at `docStart`, if it has one. */
export function findField(buf: Buffer, docStart: number, name: Buffer): RawValue | undefined {
  const reader = new ElementReader(buf, docStart);
  while (reader.next()) {
    if (reader.nameIs(name)) return reader.value();
  }
  return undefined;
}
