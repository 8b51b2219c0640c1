import { startOfDay, startOfHour } from '../hours.js';
import { type Operation, upsert } from '../operation.js';
import { byType, type ReadModel } from '../read-model.js';

export type Bucket = 'hour' | 'day';

export interface UsageDocument {
  /** `keyId:bucket:start`, so that the buckets of one key stand together in order. */
  readonly _id: string;
  readonly accountId: string;
  readonly keyId: string;
  readonly bucket: Bucket;
  readonly start: Date;
  readonly count: number;
}

export const usageId = (keyId: string, bucket: Bucket, start: Date): string =>
  `${keyId}:${bucket}:${start.toISOString()}`;

export const usage: ReadModel = {
  name: 'usage',
  version: 1,
  collections: { '': [{ key: { accountId: 1, bucket: 1, start: 1, keyId: 1 } }] },
  inline: [],
  project: byType({
    KeyUsed: ({ data, context }) => {
      const at = new Date(context.occurredAt);
      return [
        counted(data.accountId, data.keyId, 'hour', startOfHour(at)),
        counted(data.accountId, data.keyId, 'day', startOfDay(at)),
      ];
    },
  }),
};

const counted = (accountId: string, keyId: string, bucket: Bucket, start: Date): Operation =>
  upsert(usageId(keyId, bucket, start), {
    $setOnInsert: { accountId, keyId, bucket, start },
    $inc: { count: 1 },
  });
