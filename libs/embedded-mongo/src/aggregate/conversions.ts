import { Decimal128, Long, ObjectId } from 'bson';
import { MongoFault, notImplemented } from '../errors.js';
import { single, typeName, type Evaluate } from './arguments.js';
import { parseDate } from './date-text.js';
import { isNil, isTrue } from './truth.js';

function unconvertible(value: unknown, to: string): MongoFault {
  const shown = typeof value === 'string' ? `string '${value}'` : typeName(value);
  return new MongoFault(241, `Failed to convert ${shown} to ${to} in $convert`);
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function plainNumber(value: unknown, to: string): number | undefined {
  if (value instanceof Decimal128) throw notImplemented(`the conversion of Decimal128 to ${to}`);
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'number' ? value : undefined;
}

const toWhole = (name: string, to: string, limit: number): Evaluate =>
  single(name, (value) => {
    if (isNil(value)) return null;
    if (to === 'long' && value instanceof Long) return value;
    if (to === 'long' && value instanceof Date) return value.getTime();
    const isWhole = typeof value === 'string' && /^[+-]?\d+$/.test(value);
    const number = isWhole ? Number(value) : plainNumber(value, to);
    if (number === undefined || Number.isNaN(number)) throw unconvertible(value, to);
    const whole = Math.trunc(number);
    if (whole >= -limit - 1 && whole <= limit) return whole;
    if (to === 'long' && Math.abs(number) < 2 ** 63) return wide(value, number);
    throw unconvertible(value, to);
  });

const wide = (value: unknown, number: number): Long =>
  Long.fromBigInt(BigInt(typeof value === 'string' ? value.replace('+', '') : Math.trunc(number)));

function toDouble(value: unknown): unknown {
  if (isNil(value)) return null;
  if (value instanceof Date) return value.getTime();
  if (value instanceof Long) return value.toNumber();
  const isNumber = typeof value === 'string' && NUMBER.test(value);
  const number = isNumber ? Number(value) : plainNumber(value, 'double');
  if (number === undefined) throw unconvertible(value, 'double');
  return number;
}

function toDate(value: unknown): unknown {
  if (isNil(value) || value instanceof Date) return value ?? null;
  if (value instanceof ObjectId) return value.getTimestamp();
  if (typeof value === 'string') return new Date(parseDate(value));
  const date = new Date(typeof value === 'number' ? Math.trunc(value) : NaN);
  if (Number.isNaN(date.getTime())) throw unconvertible(value, 'date');
  return date;
}

export const CONVERSIONS: Readonly<Record<string, Evaluate>> = {
  $toBool: single('$toBool', (value) =>
    isNil(value) ? null : typeof value === 'string' || isTrue(value),
  ),
  $toInt: toWhole('$toInt', 'int', 0x7fffffff),
  $toLong: toWhole('$toLong', 'long', Number.MAX_SAFE_INTEGER - 1),
  $toDouble: single('$toDouble', toDouble),
  $toDate: single('$toDate', toDate),
  $isNumber: single(
    '$isNumber',
    (value) => typeof value === 'number' || value instanceof Long || value instanceof Decimal128,
  ),
};
