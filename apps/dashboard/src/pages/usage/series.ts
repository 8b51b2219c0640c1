import type { UsageBucket } from '../../api/types.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface Range {
  readonly title: string;
  readonly bucket: 'hour' | 'day';
  readonly buckets: number;
}

export const ranges = {
  '24h': { title: 'Last 24 hours', bucket: 'hour', buckets: 24 },
  '7d': { title: 'Last 7 days', bucket: 'day', buckets: 7 },
  '30d': { title: 'Last 30 days', bucket: 'day', buckets: 30 },
  '90d': { title: 'Last 90 days', bucket: 'day', buckets: 90 },
} as const satisfies Readonly<Record<string, Range>>;

export type RangeName = keyof typeof ranges;

export const isRangeName = (name: string | undefined): name is RangeName =>
  name !== undefined && name in ranges;

/** The starts of the range's hours or days in milliseconds, oldest first, the current one last. */
export function startsOf({ bucket, buckets }: Range, now: number): readonly number[] {
  const stepMs = bucket === 'hour' ? HOUR_MS : DAY_MS;
  const last = Math.floor(now / stepMs) * stepMs;
  return Array.from({ length: buckets }, (_, index) => last - (buckets - 1 - index) * stepMs);
}

/** The uses of one key, or of all keys beyond the first few together (`apiKeyId` is then `null`). */
export interface Series {
  readonly apiKeyId: string | null;
  readonly total: number;
  /** One count per start. */
  readonly counts: readonly number[];
}

/** The most used keys in full and the rest as one, most used first; starts without uses count 0. */
export function toSeries(
  buckets: readonly UsageBucket[],
  starts: readonly number[],
  shown: number,
): readonly Series[] {
  const places = new Map(starts.map((start, place) => [start, place]));
  const byKey = new Map<string, number[]>();
  for (const { start, apiKeyId, count } of buckets) {
    const place = places.get(Date.parse(start));
    if (place === undefined) continue;
    const counts = byKey.get(apiKeyId) ?? starts.map(() => 0);
    counts[place] = (counts[place] ?? 0) + count;
    byKey.set(apiKeyId, counts);
  }
  const all = [...byKey]
    .map(([apiKeyId, counts]) => ({ apiKeyId, counts, total: sum(counts) }))
    .sort((one, other) => other.total - one.total);
  const rest = all.slice(shown);
  return rest.length === 0 ? all : [...all.slice(0, shown), together(rest, starts)];
}

/** Each series on top of those before it, as stacked bars are drawn. */
export function stack(series: readonly Series[]): readonly (readonly number[])[] {
  const heights: number[] = [];
  return series.map(({ counts }) =>
    counts.map((count, place) => (heights[place] = (heights[place] ?? 0) + count)),
  );
}

const together = (rest: readonly Series[], starts: readonly number[]): Series => ({
  apiKeyId: null,
  total: sum(rest.map(({ total }) => total)),
  counts: starts.map((_, place) => sum(rest.map(({ counts }) => counts[place] ?? 0))),
});

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);
