import { insert, update } from '@keytrail/projections';
import { byType, type KeytrailModel } from '../common/keytrail-model.js';

export interface KeyDocument {
  /** The key's id. */
  readonly _id: string;
  readonly accountId: string;
  readonly name: string;
  readonly keyPrefix: string;
  readonly status: 'Active' | 'Revoked';
  readonly createdAt: Date;
  /** Who created it, as shown to people. */
  readonly createdBy: string;
  /** Absent until the first use. */
  readonly lastUsedAt?: Date;
  readonly revokedAt: Date | null;
  readonly revokedBy: string | null;
  readonly reason: string | null;
  readonly createdPosition: string;
  /** The last event in it. */
  readonly position: string;
}

export const keys: KeytrailModel = {
  name: 'keys',
  version: 1,
  collections: {
    '': [
      { key: { accountId: 1, createdPosition: 1 } },
      { key: { accountId: 1, status: 1, createdPosition: 1 } },
      { key: { accountId: 1, createdBy: 1, createdPosition: 1 } },
      { key: { accountId: 1, createdBy: 1, status: 1, createdPosition: 1 } },
      { key: { accountId: 1, keyPrefix: 1 } },
    ],
  },
  synchronous: [],
  project: byType({
    KeyCreated: ({ data, context }, position) => [
      insert(data.keyId, {
        accountId: data.accountId,
        name: data.name,
        keyPrefix: data.keyPrefix,
        status: 'Active',
        createdAt: new Date(context.occurredAt),
        createdBy: context.actor.label,
        revokedAt: null,
        revokedBy: null,
        reason: null,
        createdPosition: position,
        position,
      }),
    ],
    KeyUsed: ({ data, context }, position) => [
      update(data.keyId, {
        $max: {
          lastUsedAt: new Date(context.occurredAt),
          position,
        },
      }),
    ],
    KeyRevoked: ({ data, context }, position) => [
      update(data.keyId, {
        $set: {
          status: 'Revoked',
          revokedAt: new Date(context.occurredAt),
          revokedBy: context.actor.label,
          reason: data.reason,
        },
        $max: { position },
      }),
    ],
  }),
};
