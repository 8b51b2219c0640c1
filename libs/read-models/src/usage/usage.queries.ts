import type { Filter } from 'mongodb';
import { mapSome } from '../common/map-some.js';
import { readLimit } from '../common/read-limit.js';
import { endOf, startOf } from '../common/spans.js';
import type { ReadView } from '../common/keytrail-model.js';
import {
  type Bucket,
  type UsageDocument,
  usageId,
  type UsageTotalDocument,
} from './usage.projection.js';

export interface UsageSeriesQuery {
  readonly accountId: string;
  readonly bucket: Bucket;
  /** Buckets that contain this time or begin after it. */
  readonly from: Date;
  /** Buckets that begin before this time. */
  readonly to: Date;
  readonly apiKeyId?: string;
  /** The most buckets that are read; all by default. */
  readonly limit?: number;
}

export interface UsageBucket {
  readonly start: Date;
  readonly apiKeyId: string;
  readonly count: number;
}

/** Uses of all keys that are not told apart. */
export interface OtherUses {
  readonly start: Date;
  readonly count: number;
}

export interface TopUsageSeries {
  readonly buckets: readonly UsageBucket[];
  readonly others: readonly OtherUses[];
}

/** The whole hours or days that a series counts, to which the uses of its borders belong. */
export const countedTime = ({
  bucket,
  from,
  to,
}: Pick<UsageSeriesQuery, 'bucket' | 'from' | 'to'>): {
  readonly from: Date;
  readonly to: Date;
} => ({
  from: startOf(bucket, from),
  to: endOf(bucket, to),
});

/** How often keys were used per hour or day (UTC), oldest first. Buckets without uses are left out. */
export async function readUsageSeries(
  view: ReadView,
  query: UsageSeriesQuery,
): Promise<UsageBucket[]> {
  const { accountId, bucket, to, apiKeyId, limit } = query;
  const from = startOf(bucket, query.from);
  const filter: Filter<UsageDocument> =
    apiKeyId === undefined
      ? { accountId, bucket, start: { $gte: from, $lt: to } }
      : { _id: between(apiKeyId, query), accountId };
  const found = await view
    .collection<UsageDocument>('usage')
    .find(filter, { ...readLimit, ...(limit !== undefined && { limit }) })
    .sort(apiKeyId === undefined ? { start: 1, keyId: 1 } : { _id: 1 })
    .toArray();
  return found.map(({ start, keyId, count }) => ({ start, apiKeyId: keyId, count }));
}

/** Of how many keys the most used ones of each hour or day are picked. */
const CANDIDATES = 100;

/**
 * The same for the most used keys only, and all others together, whatever the number of keys. A key
 * counts as most used by its uses in the hours or days in which it is among the first hundred.
 *
 * @param top how many keys, 1 to 100
 */
export async function readTopUsageSeries(
  view: ReadView,
  query: Omit<UsageSeriesQuery, 'apiKeyId'>,
  top: number,
): Promise<TopUsageSeries> {
  const totals = await view
    .collection<UsageTotalDocument>('usage', 'totals')
    .find({ _id: between(query.accountId, query) }, readLimit)
    .sort({ _id: 1 })
    .toArray();
  const keyIds = await findMostUsed(view, query, totals, top);
  const series = await mapSome(keyIds, (apiKeyId) => readUsageSeries(view, { ...query, apiKeyId }));
  const buckets = series.flat().sort((one, other) => one.start.getTime() - other.start.getTime());
  const left = new Map(totals.map(({ start, count }) => [start.getTime(), count]));
  for (const { start, count } of buckets) {
    left.set(start.getTime(), (left.get(start.getTime()) ?? 0) - count);
  }
  const others = [...left]
    .filter(([, count]) => count > 0)
    .map(([start, count]) => ({ start: new Date(start), count }));
  return { buckets, others };
}

async function findMostUsed(
  view: ReadView,
  { accountId, bucket }: UsageSeriesQuery,
  totals: readonly UsageTotalDocument[],
  top: number,
): Promise<string[]> {
  const uses = new Map<string, number>();
  await mapSome(totals, async ({ start }) => {
    const found = await view
      .collection<UsageDocument>('usage')
      .find({ accountId, bucket, start }, readLimit)
      .sort({ count: -1 })
      .limit(CANDIDATES)
      .toArray();
    for (const { keyId, count } of found) uses.set(keyId, (uses.get(keyId) ?? 0) + count);
  });
  return [...uses]
    .sort(([, one], [, other]) => other - one)
    .slice(0, top)
    .map(([keyId]) => keyId);
}

const between = (owner: string, query: UsageSeriesQuery): { $gte: string; $lt: string } => ({
  $gte: usageId(owner, query.bucket, startOf(query.bucket, query.from)),
  $lt: usageId(owner, query.bucket, query.to),
});
