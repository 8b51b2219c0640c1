import type { ChangeMemberRole, RemoveMember, RenameMember } from './account-commands.js';
import type { OpenAccountState } from './account-state.js';
import { accept, refuse } from './decision.js';
import type { AccountDecision } from './decision.js';

export function changeMemberRole(
  { data }: ChangeMemberRole,
  state: OpenAccountState,
): AccountDecision {
  const member = state.members.get(data.userId);
  if (!member) return refuse('member_not_found');
  if (member.role === data.role) return accept();
  if (isLastOwner(data.userId, state)) return refuse('last_owner');
  return accept({ type: 'MemberRoleChanged', data: { ...data, email: member.email } });
}

export function renameMember({ data }: RenameMember, state: OpenAccountState): AccountDecision {
  const member = state.members.get(data.userId);
  if (!member) return refuse('member_not_found');
  if (member.name === data.name) return accept();
  return accept({ type: 'MemberRenamed', data: { ...data, email: member.email } });
}

export function removeMember({ data }: RemoveMember, state: OpenAccountState): AccountDecision {
  const member = state.members.get(data.userId);
  if (!member) return refuse('member_not_found');
  if (isLastOwner(data.userId, state)) return refuse('last_owner');
  return accept({ type: 'MemberRemoved', data: { ...data, email: member.email } });
}

export const isOwner = (userId: string, state: OpenAccountState): boolean =>
  state.members.get(userId)?.role === 'owner';

const isLastOwner = (userId: string, state: OpenAccountState): boolean =>
  isOwner(userId, state) &&
  ![...state.members.keys()].some((other) => other !== userId && isOwner(other, state));
