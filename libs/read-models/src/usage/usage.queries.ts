import type { Filter } from 'mongodb';
import { startOfDay, startOfHour } from '../hours.js';
import type { ReadView } from '../view.js';
import { type Bucket, type UsageDocument, usageId } from './usage.projection.js';

export interface UsageSeriesQuery {
  readonly accountId: string;
  readonly bucket: Bucket;
  /** Buckets that contain this time or begin after it. */
  readonly from: Date;
  /** Buckets that begin before this time. */
  readonly to: Date;
  readonly apiKeyId?: string;
}

export interface UsageBucket {
  readonly start: Date;
  readonly apiKeyId: string;
  readonly count: number;
}

/** How often keys were used per hour or day (UTC), oldest first. Buckets without uses are left out. */
export async function readUsageSeries(
  view: ReadView,
  query: UsageSeriesQuery,
): Promise<UsageBucket[]> {
  const { accountId, bucket, to, apiKeyId } = query;
  const from = bucket === 'hour' ? startOfHour(query.from) : startOfDay(query.from);
  const filter: Filter<UsageDocument> =
    apiKeyId === undefined
      ? { accountId, bucket, start: { $gte: from, $lt: to } }
      : {
          _id: { $gte: usageId(apiKeyId, bucket, from), $lt: usageId(apiKeyId, bucket, to) },
          accountId,
        };
  const found = await view
    .collection<UsageDocument>('usage')
    .find(filter)
    .sort(apiKeyId === undefined ? { start: 1, keyId: 1 } : { _id: 1 })
    .toArray();
  return found.map(({ start, keyId, count }) => ({ start, apiKeyId: keyId, count }));
}
