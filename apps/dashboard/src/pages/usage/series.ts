import type { UsageBucket, UsageSeries } from '../../api/types.js';

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

/** One series per key, most used first, then all other keys as one; starts without uses count 0. */
export function toSeries(
  { buckets, others = [] }: Pick<UsageSeries, 'buckets' | 'others'>,
  starts: readonly number[],
): readonly Series[] {
  const keys = new Map<string, Counted[]>();
  for (const bucket of buckets) {
    const own = keys.get(bucket.apiKeyId);
    if (own) own.push(bucket);
    else keys.set(bucket.apiKeyId, [bucket]);
  }
  const all = [...keys]
    .map(([apiKeyId, counted]) => seriesOf(apiKeyId, counted, starts))
    .sort((one, other) => other.total - one.total);
  return [...all, seriesOf(null, others, starts)].filter(({ total }) => total > 0);
}

type Counted = Omit<UsageBucket, 'apiKeyId'>;

function seriesOf(
  apiKeyId: string | null,
  counted: readonly Counted[],
  starts: readonly number[],
): Series {
  const found = new Map(counted.map(({ start, count }) => [Date.parse(start), count]));
  const counts = starts.map((start) => found.get(start) ?? 0);
  return { apiKeyId, total: sum(counts), counts };
}

/** Each series on top of those before it, as stacked bars are drawn. */
export function stack(series: readonly Series[]): readonly (readonly number[])[] {
  const heights: number[] = [];
  return series.map(({ counts }) =>
    counts.map((count, place) => (heights[place] = (heights[place] ?? 0) + count)),
  );
}

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);
