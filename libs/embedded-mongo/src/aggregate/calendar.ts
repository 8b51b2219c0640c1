import { badValue } from '../errors.js';
import { fromLocal, toLocal, utcMs, type Offset } from './timezone.js';

const DAY_MS = 86_400_000;

const FIXED_MS = { hour: 3_600_000, minute: 60_000, second: 1_000, millisecond: 1 } as const;
const MONTHS = { year: 12, quarter: 3, month: 1 } as const;
const DAYS = { week: 7, day: 1 } as const;

type Unit =
  | { readonly kind: 'months'; readonly size: number }
  | { readonly kind: 'days'; readonly size: number }
  | { readonly kind: 'fixed'; readonly size: number };

function unitOf(name: unknown): Unit {
  const known = String(name);
  if (Object.hasOwn(FIXED_MS, known)) {
    return { kind: 'fixed', size: FIXED_MS[known as keyof typeof FIXED_MS] };
  }
  if (Object.hasOwn(DAYS, known)) return { kind: 'days', size: DAYS[known as keyof typeof DAYS] };
  if (Object.hasOwn(MONTHS, known)) {
    return { kind: 'months', size: MONTHS[known as keyof typeof MONTHS] };
  }
  throw badValue(`unknown time unit value: ${known}`);
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** 0 for Sunday to 6; names may be cut to three letters. */
export function weekdayOf(name: unknown = 'sunday'): number {
  const wanted = typeof name === 'string' ? name.toLowerCase() : '';
  const at = WEEKDAYS.findIndex((day) => day === wanted || day.slice(0, 3) === wanted);
  if (at === -1) throw badValue(`unknown day of week value: ${wanted}`);
  return at;
}

const dayNumber = (localMs: number): number => Math.floor(localMs / DAY_MS);

/** Months since the year 0. */
function monthNumber(localMs: number): number {
  const date = new Date(localMs);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

const monthStart = (month: number): number =>
  utcMs(Math.floor(month / 12), month - floorTo(month, 12));

const floorTo = (value: number, size: number): number => Math.floor(value / size) * size;

/** Adds to a date; a day that its new month does not have becomes the month's last. */
export function addUnits(atMs: number, name: unknown, amount: number, offset: Offset): number {
  const { kind, size } = unitOf(name);
  if (kind === 'fixed') return atMs + amount * size;
  const local = toLocal(atMs, offset);
  if (kind === 'days') return fromLocal(local + amount * size * DAY_MS, offset);
  const target = monthNumber(local) + amount * size;
  const start = monthStart(target);
  const lastDay = (monthStart(target + 1) - start) / DAY_MS;
  const day = Math.min(new Date(local).getUTCDate(), lastDay);
  const time = local - dayNumber(local) * DAY_MS;
  return fromLocal(start + (day - 1) * DAY_MS + time, offset);
}

/** 2000-01-01, from which bins of several units are counted. */
const REFERENCE_MS = Date.UTC(2000, 0, 1);
const REFERENCE_DAY = dayNumber(REFERENCE_MS);

/** The start of the unit, or of the bin of several, that a date lies in. */
export function truncateTo(
  atMs: number,
  name: unknown,
  binSize: number,
  offset: Offset,
  startOfWeek: number,
): number {
  const { kind, size } = unitOf(name);
  const local = toLocal(atMs, offset);
  if (kind === 'fixed') {
    const reference = fromLocal(REFERENCE_MS, offset);
    return reference + floorTo(atMs - reference, binSize * size);
  }
  if (kind === 'days') {
    const weekday = new Date(REFERENCE_MS).getUTCDay();
    const reference = REFERENCE_DAY + (size === 7 ? (startOfWeek - weekday + 7) % 7 : 0);
    const day = reference + floorTo(dayNumber(local) - reference, binSize * size);
    return fromLocal(day * DAY_MS, offset);
  }
  const reference = 2000 * 12;
  const month = reference + floorTo(monthNumber(local) - reference, binSize * size);
  return fromLocal(monthStart(month), offset);
}

/** How many boundaries of the unit lie between two dates. */
export function unitsBetween(
  fromMs: number,
  toMs: number,
  name: unknown,
  offset: Offset,
  startOfWeek: number,
): number {
  const { kind, size } = unitOf(name);
  const [from, to] = [toLocal(fromMs, offset), toLocal(toMs, offset)];
  if (kind === 'months') {
    return Math.floor(monthNumber(to) / size) - Math.floor(monthNumber(from) / size);
  }
  if (kind === 'days') {
    // Day 0, 1970-01-01, was a Thursday.
    const shift = size === 7 ? 4 - startOfWeek : 0;
    const index = (localMs: number): number => Math.floor((dayNumber(localMs) + shift) / size);
    return index(to) - index(from);
  }
  const clockChange = offset(toMs) - offset(fromMs);
  return Math.floor((to - clockChange) / size) - Math.floor(from / size);
}

export interface IsoWeek {
  readonly year: number;
  readonly week: number;
  readonly day: number;
}

/** The week and its year by ISO 8601: weeks begin on Monday and belong to the year of their Thursday. */
export function isoWeekOf(local: Date): IsoWeek {
  const day = local.getUTCDay() || 7;
  const thursday = new Date(floorTo(local.getTime(), DAY_MS) + (4 - day) * DAY_MS);
  return { year: thursday.getUTCFullYear(), week: Math.ceil(dayOfYear(thursday) / 7), day };
}

export const dayOfYear = (local: Date): number =>
  dayNumber(local.getTime()) - dayNumber(utcMs(local.getUTCFullYear(), 0)) + 1;

/** 0 to 53: weeks begin on Sunday, and week 1 with the year's first. */
export const weekOfYear = (local: Date): number =>
  Math.floor((dayOfYear(local) + 6 - local.getUTCDay()) / 7);
