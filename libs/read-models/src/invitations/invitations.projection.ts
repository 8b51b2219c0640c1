import type { Role } from '@keytrail/domain';
import { upsert } from '@keytrail/projections';
import { byType, type KeytrailModel } from '../common/keytrail-model.js';

export interface InvitationDocument {
  /** The invitation's id. */
  readonly _id: string;
  readonly accountId: string;
  readonly email: string;
  readonly role: Role;
  /** SHA-256 of the token in the link. */
  readonly tokenHash: string;
  readonly invitedAt: Date;
  /** Who invited, as shown to people. */
  readonly invitedBy: string;
  readonly expiresAt: Date;
  readonly status: 'Pending' | 'Accepted' | 'Withdrawn';
}

/** As with credentials, an end never gives way to the beginning, in whatever order they are written. */
export const invitations: KeytrailModel = {
  name: 'invitations',
  version: 1,
  collections: {
    '': [{ key: { accountId: 1, status: 1, expiresAt: 1 } }, { key: { tokenHash: 1 } }],
  },
  synchronous: ['MemberInvited', 'InvitationWithdrawn', 'MemberJoined'],
  project: byType({
    MemberInvited: ({ data, context }) => [
      upsert(data.invitationId, {
        $set: {
          accountId: data.accountId,
          email: data.email,
          role: data.role,
          tokenHash: data.tokenHash,
          invitedAt: new Date(context.occurredAt),
          invitedBy: context.actor.label,
          expiresAt: new Date(data.expiresAt),
        },
        $setOnInsert: { status: 'Pending' },
      }),
    ],
    InvitationWithdrawn: ({ data }) => [ended(data.invitationId, data.accountId, 'Withdrawn')],
    MemberJoined: ({ data }) =>
      data.invitationId === null ? [] : [ended(data.invitationId, data.accountId, 'Accepted')],
  }),
};

const ended = (invitationId: string, accountId: string, status: InvitationDocument['status']) =>
  upsert(invitationId, { $set: { accountId, status } });
