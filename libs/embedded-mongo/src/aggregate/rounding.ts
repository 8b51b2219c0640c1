import { MongoFault } from '../errors.js';
import { numeric, several, type Evaluate } from './arguments.js';
import { isNil } from './truth.js';

const bits = new DataView(new ArrayBuffer(8));

/** A finite double as `mantissa * 2 ** exponent`, exactly. */
function parts(value: number): { mantissa: bigint; exponent: number } {
  bits.setFloat64(0, value);
  const raw = bits.getBigUint64(0);
  const biased = Number((raw >> 52n) & 0x7ffn);
  const fraction = raw & 0xfffffffffffffn;
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | 0x10000000000000n, exponent: biased - 1075 };
}

const power = (base: bigint, exponent: number): bigint =>
  exponent > 0 ? base ** BigInt(exponent) : 1n;

/** Rounds the exact value of a double to decimal places: a tie to the even neighbour, or towards zero. */
function toPlaces(value: number, places: number, toEven: boolean): number {
  if (!Number.isFinite(value) || (Number.isInteger(value) && places >= 0)) return value;
  const { mantissa, exponent } = parts(Math.abs(value));
  const numerator = mantissa * power(10n, places) * power(2n, exponent);
  const denominator = power(10n, -places) * power(2n, -exponent);
  let whole = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  if (toEven && (twice > denominator || (twice === denominator && whole % 2n === 1n))) whole += 1n;
  const result = Number(`${whole}e${-places}`);
  return value < 0 ? -result : result;
}

function placesOf(name: string, value: unknown): number {
  const places = numeric(name, value);
  if (!Number.isInteger(places) || places < -20 || places > 100) {
    throw new MongoFault(51083, `cannot apply ${name} with precision value ${places}`);
  }
  return places;
}

const rounding = (name: string, toEven: boolean): Evaluate =>
  several(name, 1, 2, (values) => {
    const [value, places = values.length > 1 ? null : 0] = values;
    if (isNil(value) || isNil(places)) return null;
    return toPlaces(numeric(name, value), placesOf(name, places), toEven);
  });

export const ROUNDING = {
  $round: rounding('$round', true),
  $trunc: rounding('$trunc', false),
} as const;
