import type { Role } from '@keytrail/domain';
import { update, upsert } from '@keytrail/projections';
import { byType, type KeytrailModel } from '../common/keytrail-model.js';

export interface MemberDocument {
  /** `accountId:userId` */
  readonly _id: string;
  readonly accountId: string;
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly joinedAt: Date;
  readonly status: 'Joined' | 'Removed';
  /** The last event in it. */
  readonly position: string;
}

export const memberId = (accountId: string, userId: string): string => `${accountId}:${userId}`;

/** People leave, come back and change roles, so every write is guarded by its place in the log. */
export const members: KeytrailModel = {
  name: 'members',
  version: 1,
  collections: {
    '': [
      { key: { accountId: 1, status: 1, joinedAt: 1 } },
      { key: { accountId: 1, email: 1 } },
      { key: { userId: 1 } },
    ],
  },
  synchronous: ['MemberJoined', 'MemberRoleChanged', 'MemberRenamed', 'MemberRemoved'],
  takesAway: ['MemberRoleChanged', 'MemberRemoved'],
  project: byType({
    MemberJoined: ({ data, context }, position) => [
      upsert(memberId(data.accountId, data.userId), {
        guard: position,
        $set: {
          accountId: data.accountId,
          userId: data.userId,
          email: data.email,
          name: data.name,
          role: data.role,
          joinedAt: new Date(context.occurredAt),
          status: 'Joined',
        },
      }),
    ],
    MemberRoleChanged: ({ data }, position) => [
      update(memberId(data.accountId, data.userId), {
        guard: position,
        $set: { role: data.role },
      }),
    ],
    MemberRenamed: ({ data }, position) => [
      update(memberId(data.accountId, data.userId), {
        guard: position,
        $set: { name: data.name },
      }),
    ],
    MemberRemoved: ({ data }, position) => [
      update(memberId(data.accountId, data.userId), {
        guard: position,
        $set: { status: 'Removed' },
      }),
    ],
  }),
};
