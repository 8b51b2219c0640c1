import { badValue, MongoFault, notImplemented } from '../errors.js';
import { dayOfYear, isoWeekOf, weekOfYear } from './calendar.js';
import { fromLocal, offsetOf, utcMs, type Offset } from './timezone.js';

const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');

function offsetText(offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / 60_000;
  return `${offsetMs < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60), 2)}${pad(Math.floor(minutes % 60), 2)}`;
}

const monthName = (local: Date, month: 'short' | 'long'): string =>
  local.toLocaleString('en-US', { month, timeZone: 'UTC' });

const SPECIFIERS: Readonly<Record<string, (local: Date, offsetMs: number) => string>> = {
  Y: (local) => pad(local.getUTCFullYear(), 4),
  m: (local) => pad(local.getUTCMonth() + 1, 2),
  d: (local) => pad(local.getUTCDate(), 2),
  H: (local) => pad(local.getUTCHours(), 2),
  M: (local) => pad(local.getUTCMinutes(), 2),
  S: (local) => pad(local.getUTCSeconds(), 2),
  L: (local) => pad(local.getUTCMilliseconds(), 3),
  j: (local) => pad(dayOfYear(local), 3),
  w: (local) => String(local.getUTCDay() + 1),
  u: (local) => String(isoWeekOf(local).day),
  U: (local) => pad(weekOfYear(local), 2),
  V: (local) => pad(isoWeekOf(local).week, 2),
  G: (local) => pad(isoWeekOf(local).year, 4),
  b: (local) => monthName(local, 'short'),
  B: (local) => monthName(local, 'long'),
  z: (_, offsetMs) => offsetText(offsetMs),
  Z: (_, offsetMs) => `${offsetMs < 0 ? '-' : '+'}${pad(Math.abs(offsetMs) / 60_000, 3)}`,
  '%': () => '%',
};

/** A date in the words of a format like `%Y-%m-%d`. */
export function formatDate(atMs: number, offset: Offset, format: string): string {
  const offsetMs = offset(atMs);
  const local = new Date(atMs + offsetMs);
  return format.replace(/%(.?)/g, (_, name: string) => {
    const write = Object.hasOwn(SPECIFIERS, name) ? SPECIFIERS[name] : undefined;
    if (write === undefined) throw badValue(`Invalid format character '%${name}' in format string`);
    return write(local, offsetMs);
  });
}

const ISO =
  /^(?<Y>\d{4})-(?<m>\d{2})-(?<d>\d{2})(?:[T ](?<H>\d{2}):(?<M>\d{2})(?::(?<S>\d{2})(?:\.(?<L>\d{1,3})\d*)?)?\s*(?<z>Z|[+-]\d{2}:?\d{2})?)?$/;

const PATTERNS: Readonly<Record<string, string>> = {
  Y: '(?<Y>\\d{4})',
  m: '(?<m>\\d{1,2})',
  d: '(?<d>\\d{1,2})',
  H: '(?<H>\\d{1,2})',
  M: '(?<M>\\d{1,2})',
  S: '(?<S>\\d{1,2})',
  L: '(?<L>\\d{3})',
  z: '(?<z>Z|[+-]\\d{2}:?\\d{2})',
  '%': '%',
};

function patternOf(format: string): RegExp {
  const source = format.replace(
    /%(.?)|([\\^$.*+?()[\]{}|/])/g,
    (_, name?: string, literal = '') => {
      if (name === undefined) return `\\${literal as string}`;
      const pattern = PATTERNS[name];
      if (pattern === undefined)
        throw notImplemented(`%${name} in the format of a date to be read`);
      return pattern;
    },
  );
  return new RegExp(`^${source}$`);
}

const unreadable = (text: string): MongoFault =>
  new MongoFault(241, `Error parsing date string '${text}'`);

/** The instant a text names; without a format, ISO 8601 only. Throws 241 for what is no date. */
export function parseDate(text: string, timezone?: unknown, format?: string): number {
  const fields = (format === undefined ? ISO : patternOf(format)).exec(text)?.groups;
  if (fields === undefined) {
    const isOtherFormat = format === undefined && /\d/.test(text);
    throw isOtherFormat ? notImplemented(`the date '${text}', not in ISO 8601,`) : unreadable(text);
  }
  const { Y, m, d, H = '0', M = '0', S = '0', L = '0', z } = fields;
  if (Y === undefined || m === undefined || d === undefined) throw unreadable(text);
  const [year, month, day, hour] = [Number(Y), Number(m) - 1, Number(d), Number(H)];
  const local = utcMs(year, month, day, hour, Number(M), Number(S), Number(L.padEnd(3, '0')));
  const whole = new Date(utcMs(year, month, day));
  if (whole.getUTCMonth() !== month || whole.getUTCDate() !== day) throw unreadable(text);
  if (hour > 23 || Number(M) > 59 || Number(S) > 59) throw unreadable(text);
  if (z !== undefined && timezone !== undefined) {
    throw new MongoFault(241, `a date with a timezone of its own, and another: '${text}'`);
  }
  return fromLocal(local, offsetOf(z ?? timezone));
}
