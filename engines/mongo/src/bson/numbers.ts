import { BsonType, type RawValue } from './raw.js';
import { double, int32, int64 } from './values.js';
import { badValue } from './errors.js';

/** Numbers keep their types as on the server: int32 and int64 stay whole, and one double makes a double. */

export const bigintOf = (value: RawValue): bigint =>
  value.type === BsonType.int64 ? value.buf.readBigInt64LE(value.start) : BigInt(value.number ?? 0);

const fits = (value: bigint, bits: number): boolean => BigInt.asIntN(bits, value) === value;

/** The sum of two numbers; an int32 that overflows becomes an int64, which may not. */
export function add(left: RawValue, right: RawValue): RawValue {
  if (left.type === BsonType.double || right.type === BsonType.double) {
    return double((left.number ?? 0) + (right.number ?? 0));
  }
  const sum = bigintOf(left) + bigintOf(right);
  if (!fits(sum, 64)) throw badValue('Failed to apply $inc operations to current value: overflow');
  const isSmall = left.type === BsonType.int32 && right.type === BsonType.int32 && fits(sum, 32);
  return isSmall ? int32(Number(sum)) : int64(sum);
}

/** Adds up many numbers; what is no number does not count. */
export class Total {
  #whole = 0n;
  #real = 0;
  #widest: number = BsonType.int32;
  count = 0;

  add(value: RawValue): void {
    const number = value.number;
    if (number === undefined) return;
    this.count += 1;
    if (value.type === BsonType.double) this.#real += number;
    else this.#whole += bigintOf(value);
    if (value.type === BsonType.double || this.#widest === BsonType.double) {
      this.#widest = BsonType.double;
    } else if (value.type === BsonType.int64) this.#widest = BsonType.int64;
  }

  get number(): number {
    return Number(this.#whole) + this.#real;
  }

  get sum(): RawValue {
    if (this.#widest === BsonType.double || !fits(this.#whole, 64)) return double(this.number);
    const isSmall = this.#widest === BsonType.int32 && fits(this.#whole, 32);
    return isSmall ? int32(Number(this.#whole)) : int64(this.#whole);
  }
}
