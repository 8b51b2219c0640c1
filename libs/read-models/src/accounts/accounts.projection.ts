import { upsert } from '@keytrail/projections';
import { byType, type KeytrailModel } from '../common/keytrail-model.js';

export interface AccountDocument {
  /** The account's id. */
  readonly _id: string;
  /** Absent while keys have been seen but not yet the opening of the account. */
  readonly name?: string;
  /** Absent before the first key. */
  readonly activeCount?: number;
}

export const accounts: KeytrailModel = {
  name: 'accounts',
  version: 1,
  collections: { '': [] },
  synchronous: ['AccountOpened'],
  project: byType({
    AccountOpened: ({ data }) => [upsert(data.accountId, { $set: { name: data.name } })],
    KeyCreated: ({ data }) => [upsert(data.accountId, { $inc: { activeCount: 1 } })],
    KeyRevoked: ({ data }) => [upsert(data.accountId, { $inc: { activeCount: -1 } })],
  }),
};
