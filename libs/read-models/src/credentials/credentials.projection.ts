import { upsert } from '@keytrail/projections';
import { byType, type KeytrailModel } from '../common/keytrail-model.js';

export interface CredentialDocument {
  /** The key's id. */
  readonly _id: string;
  /** Absent while only the revocation has been written. */
  readonly secretHash?: string;
  readonly accountId: string;
  readonly name?: string;
  readonly keyPrefix?: string;
  readonly status: 'Active' | 'Revoked';
  /** The last event in it. */
  readonly position: string;
}

/**
 * Creation never sets the status of a document that is already there, and a revocation always does:
 * whatever the order and the number of times they are written in, a revoked key stays revoked.
 */
export const credentials: KeytrailModel = {
  name: 'credentials',
  version: 1,
  collections: { '': [{ key: { secretHash: 1 } }] },
  synchronous: ['KeyCreated', 'KeyRevoked'],
  takesAway: ['KeyRevoked'],
  project: byType({
    KeyCreated: ({ data }, position) => [
      upsert(data.keyId, {
        $set: {
          secretHash: data.secretHash,
          accountId: data.accountId,
          name: data.name,
          keyPrefix: data.keyPrefix,
        },
        $setOnInsert: { status: 'Active' },
        $max: { position },
      }),
    ],
    KeyRevoked: ({ data }, position) => [
      upsert(data.keyId, {
        $set: { accountId: data.accountId, status: 'Revoked' },
        $max: { position },
      }),
    ],
  }),
};
