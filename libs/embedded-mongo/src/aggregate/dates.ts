import { ObjectId, type Document } from 'bson';
import { evalExpr } from 'mingo/core';
import { isPlainObject } from '../bson/codec.js';
import { badValue, isMongoFault, MongoFault, notImplemented } from '../errors.js';
import { only, text, typeName, type Evaluate } from './arguments.js';
import { addUnits, dayOfYear, isoWeekOf, truncateTo, unitsBetween, weekdayOf } from './calendar.js';
import { formatDate, parseDate } from './date-text.js';
import { fromLocal, offsetOf, utcMs } from './timezone.js';
import { isNil } from './truth.js';

/** Milliseconds of what is a date or carries one. */
function msOf(value: unknown): number {
  if (value instanceof Date) return value.getTime();
  if (value instanceof ObjectId) return value.getTimestamp().getTime();
  throw new MongoFault(16006, `can't convert from BSON type ${typeName(value)} to Date`);
}

function wholeNumber(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw badValue(`${name} must evaluate to an integer, found ${typeName(value)}`);
}

/** A part of a date that stands alone or as `{date, timezone}`. */
const part =
  (name: string, read: (local: Date) => number): Evaluate =>
  (obj, expr, options) => {
    const argument = only(name, expr);
    const value: unknown = evalExpr(obj, argument, options);
    const spec = isPlainObject(argument) && 'date' in argument ? (value as Document) : undefined;
    const date: unknown = spec === undefined ? value : spec.date;
    const zone: unknown = spec?.timezone;
    const hasZone = spec !== undefined && 'timezone' in (argument as Document);
    if (isNil(date) || (hasZone && isNil(zone))) return null;
    const at = msOf(date);
    return read(new Date(at + offsetOf(zone)(at)));
  };

interface Arguments {
  readonly [name: string]: unknown;
}

/** An operator with named arguments; null when one of those that are given is null, but for `except`. */
const onNamed =
  (
    name: string,
    required: readonly string[],
    optional: readonly string[],
    compute: (values: Arguments) => unknown,
    except: readonly string[] = [],
  ): Evaluate =>
  (obj, expr, options) => {
    const spec: unknown = expr;
    if (!isPlainObject(spec)) throw badValue(`${name} only supports an object as its argument`);
    const known = [...required, ...optional, ...except];
    const unknown = Object.keys(spec).find((field) => !known.includes(field));
    if (unknown !== undefined) throw badValue(`Unrecognized argument to ${name}: ${unknown}`);
    const missing = required.find((field) => !(field in spec));
    if (missing !== undefined) throw badValue(`Missing '${missing}' parameter to ${name}`);
    const values = evalExpr(obj, spec, options) as Arguments;
    const given = Object.keys(spec).filter((field) => !except.includes(field));
    return given.some((field) => isNil(values[field])) ? null : compute(values);
  };

const adding = (name: string, sign: 1 | -1): Evaluate =>
  onNamed(name, ['startDate', 'unit', 'amount'], ['timezone'], (values) => {
    const amount = wholeNumber(`${name} amount`, values.amount);
    const offset = offsetOf(values.timezone);
    return new Date(addUnits(msOf(values.startDate), values.unit, sign * amount, offset));
  });

function truncated({ date, unit, binSize = 1, timezone, startOfWeek }: Arguments): Date {
  const size = wholeNumber('$dateTrunc binSize', binSize);
  if (size <= 0) throw badValue('$dateTrunc requires "binSize" to be greater than 0');
  const weekday = weekdayOf(startOfWeek);
  return new Date(truncateTo(msOf(date), unit, size, offsetOf(timezone), weekday));
}

const PARTS = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'] as const;

function fromParts(values: Arguments): Date {
  const defaults = [1970, 1, 1, 0, 0, 0, 0];
  const numbers = PARTS.map((name, at) =>
    wholeNumber(`$dateFromParts ${name}`, values[name] ?? defaults[at]),
  );
  const [year = 0, month = 1, ...rest] = numbers;
  if (year < 1 || year > 9999) {
    throw new MongoFault(40523, `'year' must evaluate to an integer in the range 1 to 9999`);
  }
  return new Date(fromLocal(utcMs(year, month - 1, ...rest), offsetOf(values.timezone)));
}

function toParts({ date, timezone, iso8601 }: Arguments): Document {
  const at = msOf(date);
  const local = new Date(at + offsetOf(timezone)(at));
  const time = {
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    millisecond: local.getUTCMilliseconds(),
  };
  if (iso8601 === true) {
    const { year, week, day } = isoWeekOf(local);
    return { isoWeekYear: year, isoWeek: week, isoDayOfWeek: day, ...time };
  }
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    ...time,
  };
}

function toText(values: Arguments): unknown {
  if (isNil(values.date)) return values.onNull ?? null;
  const at = msOf(values.date);
  const offset = offsetOf(values.timezone);
  const standard = `%Y-%m-%dT%H:%M:%S.%L${isNil(values.timezone) ? 'Z' : ''}`;
  const format = 'format' in values ? text('$dateToString', values.format) : standard;
  return formatDate(at, offset, format);
}

function fromText(values: Arguments): unknown {
  const { dateString, onNull, onError, timezone } = values;
  if (isNil(dateString)) return onNull ?? null;
  try {
    if (typeof dateString !== 'string') {
      throw new MongoFault(241, '$dateFromString requires that dateString be a string');
    }
    const format = 'format' in values ? text('$dateFromString', values.format) : undefined;
    return new Date(parseDate(dateString, timezone, format));
  } catch (error) {
    if ('onError' in values && isMongoFault(error) && error.code === 241) return onError;
    throw error;
  }
}

/** Null for the whole when the format or the timezone is null, but not for the other arguments. */
const withText = (
  name: string,
  required: string,
  except: readonly string[],
  compute: (values: Arguments) => unknown,
): Evaluate => onNamed(name, [required], ['format', 'timezone'], compute, [required, ...except]);

const refused =
  (name: string): Evaluate =>
  () => {
    throw notImplemented(name);
  };

const fromCalendarParts = onNamed(
  '$dateFromParts',
  ['year'],
  [...PARTS.slice(1), 'timezone'],
  fromParts,
);

export const DATES: Readonly<Record<string, Evaluate>> = {
  $year: part('$year', (local) => local.getUTCFullYear()),
  $month: part('$month', (local) => local.getUTCMonth() + 1),
  $dayOfMonth: part('$dayOfMonth', (local) => local.getUTCDate()),
  $dayOfWeek: part('$dayOfWeek', (local) => local.getUTCDay() + 1),
  $dayOfYear: part('$dayOfYear', dayOfYear),
  $hour: part('$hour', (local) => local.getUTCHours()),
  $minute: part('$minute', (local) => local.getUTCMinutes()),
  $second: part('$second', (local) => local.getUTCSeconds()),
  $millisecond: part('$millisecond', (local) => local.getUTCMilliseconds()),
  $dateAdd: adding('$dateAdd', 1),
  $dateSubtract: adding('$dateSubtract', -1),
  $dateTrunc: onNamed(
    '$dateTrunc',
    ['date', 'unit'],
    ['binSize', 'timezone', 'startOfWeek'],
    truncated,
  ),
  $dateDiff: onNamed(
    '$dateDiff',
    ['startDate', 'endDate', 'unit'],
    ['timezone', 'startOfWeek'],
    ({ startDate, endDate, unit, timezone, startOfWeek }) =>
      unitsBetween(
        msOf(startDate),
        msOf(endDate),
        unit,
        offsetOf(timezone),
        weekdayOf(startOfWeek),
      ),
  ),
  $dateFromParts: (obj, expr, options) => {
    const spec: unknown = expr;
    const byWeeks = isPlainObject(spec) && 'isoWeekYear' in spec;
    return (byWeeks ? refused('$dateFromParts by ISO weeks') : fromCalendarParts)(
      obj,
      expr,
      options,
    );
  },
  $dateToParts: onNamed('$dateToParts', ['date'], ['timezone', 'iso8601'], toParts),
  $dateToString: withText('$dateToString', 'date', ['onNull'], toText),
  $dateFromString: withText('$dateFromString', 'dateString', ['onNull', 'onError'], fromText),
};
