import { readLimit } from '../common/read-limit.js';
import type { ReadView } from '../common/keytrail-model.js';
import { memberId, type MemberDocument } from './members.projection.js';

/** The people of an account, in the order in which they joined. */
export function listMembers(view: ReadView, accountId: string): Promise<MemberDocument[]> {
  return membersOf(view)
    .find({ accountId, status: 'Joined' }, readLimit)
    .sort({ joinedAt: 1 })
    .toArray();
}

/** A person's place in an account, or `null` for those who are not, or no longer, in it. */
export function findMember(
  view: ReadView,
  accountId: string,
  userId: string,
): Promise<MemberDocument | null> {
  return membersOf(view).findOne({ _id: memberId(accountId, userId), status: 'Joined' }, readLimit);
}

/** All accounts a person is in, in the order of joining. */
export async function findMemberships(view: ReadView, userId: string): Promise<MemberDocument[]> {
  const found = await membersOf(view).find({ userId, status: 'Joined' }, readLimit).toArray();
  return found.sort((a, b) => a.joinedAt.getTime() - b.joinedAt.getTime());
}

/** The ids under which an address acts or has acted in an account, former members included. */
export async function findUserIdsByEmail(
  view: ReadView,
  accountId: string,
  email: string,
): Promise<string[]> {
  const found = await membersOf(view).find({ accountId, email }, readLimit).toArray();
  return found.map(({ userId }) => userId);
}

const membersOf = (view: ReadView) => view.collection<MemberDocument>('members');
