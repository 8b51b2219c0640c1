import { startOf } from '../common/spans.js';
import { type Operation, upsert } from '@keytrail/projections';
import { byType, type KeytrailModel } from '../common/keytrail-model.js';

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

/** The uses of all keys of an account together. */
export interface UsageTotalDocument {
  /** `accountId:bucket:start` */
  readonly _id: string;
  readonly start: Date;
  readonly count: number;
}

/** @param owner the id of the key, or of the account for its total */
export const usageId = (owner: string, bucket: Bucket, start: Date): string =>
  `${owner}:${bucket}:${start.toISOString()}`;

export const usage: KeytrailModel = {
  name: 'usage',
  version: 2,
  collections: {
    '': [
      { key: { accountId: 1, bucket: 1, start: 1, keyId: 1 } },
      { key: { accountId: 1, bucket: 1, start: 1, count: -1 } },
    ],
    totals: [],
  },
  synchronous: [],
  project: byType({
    KeyUsed: ({ data, context }) => {
      const at = new Date(context.occurredAt);
      return [
        ...counted(data, 'hour', startOf('hour', at)),
        ...counted(data, 'day', startOf('day', at)),
      ];
    },
  }),
};

const counted = (
  { accountId, keyId }: { readonly accountId: string; readonly keyId: string },
  bucket: Bucket,
  start: Date,
): Operation[] => [
  upsert(usageId(keyId, bucket, start), {
    $setOnInsert: { accountId, keyId, bucket, start },
    $inc: { count: 1 },
  }),
  upsert(usageId(accountId, bucket, start), {
    collection: 'totals',
    $setOnInsert: { start },
    $inc: { count: 1 },
  }),
];
