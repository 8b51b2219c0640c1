import { Decimal128, Double, Int32, Long } from 'bson';
import { asNumber } from '../bson/codec.js';
import { badValue, MongoFault, notImplemented } from '../errors.js';

export const isNumeric = (value: unknown): boolean => asNumber(value) !== undefined;

type Apply = {
  readonly whole: (a: bigint, b: bigint) => bigint;
  readonly real: (a: number, b: number) => number;
};

export const ADD: Apply = { whole: (a, b) => a + b, real: (a, b) => a + b };
export const MULTIPLY: Apply = { whole: (a, b) => a * b, real: (a, b) => a * b };

const toBigInt = (value: unknown): bigint =>
  value instanceof Long ? value.toBigInt() : BigInt(asNumber(value) ?? 0);

const isDouble = (value: unknown): boolean =>
  value instanceof Double || (typeof value === 'number' && !Number.isInteger(value));

/** Computes as the server does: two ints give an int or, when it overflows, a long; a double wins. */
export function arithmetic(operator: string, apply: Apply, left: unknown, right: unknown): unknown {
  if (left instanceof Decimal128 || right instanceof Decimal128) {
    throw notImplemented(`${operator} with Decimal128`);
  }
  if (!isNumeric(left)) {
    throw new MongoFault(14, `Cannot apply ${operator} to a value of non-numeric type.`);
  }
  if (isDouble(left) || isDouble(right)) {
    return new Double(apply.real(asNumber(left) ?? 0, asNumber(right) ?? 0));
  }
  const result = apply.whole(toBigInt(left), toBigInt(right));
  if (BigInt.asIntN(64, result) !== result) {
    throw badValue(`Failed to apply ${operator} operations to current value: overflow`);
  }
  const small = result >= -0x80000000n && result <= 0x7fffffffn;
  const long = left instanceof Long || right instanceof Long || !small;
  return long ? Long.fromBigInt(result) : new Int32(Number(result));
}
