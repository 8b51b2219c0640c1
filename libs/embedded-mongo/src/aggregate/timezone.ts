import { MongoFault } from '../errors.js';
import { isNil } from './truth.js';

/** The difference of a timezone's local time from UTC, in milliseconds, at an instant. */
export type Offset = (atMs: number) => number;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MAX_CACHED = 1_000;

const cache = new Map<string, Offset>();

const unknownZone = (name: string): MongoFault =>
  new MongoFault(40485, `unrecognized time zone identifier: "${name}"`);

function fixed(name: string): Offset | undefined {
  if (name === 'UTC' || name === 'GMT' || name === 'Z') return () => 0;
  const [, sign, hours, minutes] = /^([+-])(\d{2})(?::?(\d{2}))?$/.exec(name) ?? [];
  if (sign === undefined) return undefined;
  const size = (Number(hours) * 60 + Number(minutes ?? 0)) * MINUTE_MS;
  return () => (sign === '-' ? -size : size);
}

function named(name: string): Offset {
  if (!/^[A-Za-z]/.test(name)) throw unknownZone(name);
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw unknownZone(name);
  }
  return (atMs) => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(atMs)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return utcMs(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1000) * 1000;
  };
}

/** The offset of an Olson name or of `+hh:mm`; without a timezone it is UTC. */
export function offsetOf(timezone: unknown): Offset {
  if (isNil(timezone)) return () => 0;
  if (typeof timezone !== 'string') {
    throw new MongoFault(40517, 'timezone must evaluate to a string');
  }
  const known = cache.get(timezone);
  if (known !== undefined) return known;
  const offset = fixed(timezone) ?? named(timezone);
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(timezone, offset);
  return offset;
}

/** Date.UTC without its special years 0 to 99; what exceeds its range carries over. */
export function utcMs(year: number, month: number, ...rest: readonly number[]): number {
  const [day = 1, hour = 0, minute = 0, second = 0, millisecond = 0] = rest;
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return date.setUTCHours(hour, minute, second, millisecond);
}

export const toLocal = (atMs: number, offset: Offset): number => atMs + offset(atMs);

/**
 * The instant of a local time. Of two, when clocks are set back, it is the first; a time that clocks
 * leave out is taken as if they had not been set forward yet.
 */
export function fromLocal(localMs: number, offset: Offset): number {
  const before = localMs - offset(localMs - DAY_MS);
  if (toLocal(before, offset) === localMs) return before;
  const after = localMs - offset(localMs + DAY_MS);
  return toLocal(after, offset) === localMs ? after : before;
}
