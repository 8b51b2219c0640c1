import { Decimal128 } from 'bson';
import { KeyWriter } from './key-writer.js';

/*
 * Every number is encoded as the nearest double (8 bytes) and one flag byte: equal to that double
 * (0x80), or the exact decimal difference below (0x7f) or above (0x81) it. Rounding is monotone, so
 * comparing double first and difference second compares the numbers, whatever BSON type they have.
 */
const EXACT = 0x80;
const BELOW = 0x7f;
const ABOVE = 0x81;

interface Rational {
  readonly coefficient: bigint;
  readonly exponent: number;
}

function exactDouble(value: number): Rational {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  const bits = bytes.readBigUInt64BE();
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = biased === 0 ? fraction : fraction | 0x10000000000000n;
  const power = (biased === 0 ? 1 : biased) - 1075;
  const signed = value < 0 ? -mantissa : mantissa;
  return power >= 0
    ? { coefficient: signed << BigInt(power), exponent: 0 }
    : { coefficient: signed * 5n ** BigInt(-power), exponent: power };
}

function difference(left: Rational, right: Rational): Rational {
  const exponent = Math.min(left.exponent, right.exponent);
  const scale = (value: Rational): bigint =>
    value.coefficient * 10n ** BigInt(value.exponent - exponent);
  return { coefficient: scale(left) - scale(right), exponent };
}

function writeDifference(writer: KeyWriter, { coefficient, exponent }: Rational): void {
  if (coefficient === 0n) {
    writer.byte(EXACT);
    return;
  }
  const negative = coefficient < 0n;
  const all = (negative ? -coefficient : coefficient).toString();
  const digits = all.replace(/0+$/, '');
  writer.byte(negative ? BELOW : ABOVE);
  const from = writer.length;
  writer.uint16(exponent + all.length + 0x8000);
  for (let index = 0; index < digits.length; index += 2) {
    writer.byte(Number(digits.slice(index, index + 2).padEnd(2, '0')) + 1);
  }
  writer.byte(0);
  if (negative) writer.invertFrom(from);
}

export function writeDoubleKey(writer: KeyWriter, value: number): void {
  writer.double(value);
  writer.byte(EXACT);
}

export function writeInt64Key(writer: KeyWriter, value: bigint): void {
  const nearest = Number(value);
  writer.double(nearest);
  writeDifference(writer, { coefficient: value - BigInt(nearest), exponent: 0 });
}

const clamp = (value: number): number =>
  Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);

export function writeDecimalKey(writer: KeyWriter, bytes: Uint8Array): void {
  const text = new Decimal128(bytes).toString();
  if (/[a-z]{2}/i.test(text)) {
    writeDoubleKey(writer, Number(text));
    return;
  }
  const [mantissa = '0', power = '0'] = text.split(/e/i);
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const nearest = clamp(Number(text));
  writer.double(nearest);
  const exact = {
    coefficient: BigInt(`${whole}${fraction}`),
    exponent: Number(power) - fraction.length,
  };
  writeDifference(writer, difference(exact, exactDouble(nearest)));
}
