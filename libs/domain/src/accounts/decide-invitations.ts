import type { AcceptInvitation, InviteMember, WithdrawInvitation } from './account-commands.js';
import type { AccountEvent } from './account-events.js';
import { accountLimits } from './account-limits.js';
import type { OpenAccountState } from './account-state.js';
import { accept, refuse } from './decision.js';
import type { AccountDecision, AccountRefusal } from './decision.js';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** An address has one invitation at most that can be used: a new one ends those before. */
export function inviteMember(
  { now, data }: InviteMember,
  state: OpenAccountState,
): AccountDecision {
  const { accountId, email } = data;
  if ([...state.members.values()].some((member) => member.email === email)) {
    return refuse('already_member');
  }
  const refusal = refusalByLimits(Date.parse(now), email, state);
  if (refusal) return refuse(refusal);
  const replaced = [...state.invitations]
    .filter(([, invitation]) => invitation.status === 'Pending' && invitation.email === email)
    .map(([invitationId]) => withdrawn(accountId, invitationId, email));
  return accept(...replaced, { type: 'MemberInvited', data });
}

/** What is replaced does not count as open, and what was withdrawn or accepted counts as made. */
function refusalByLimits(
  nowMs: number,
  email: string,
  { members, invitations }: OpenAccountState,
): AccountRefusal | null {
  let open = 0;
  let ofToday = 0;
  for (const invitation of invitations.values()) {
    const isOpen = invitation.status === 'Pending' && Date.parse(invitation.expiresAt) > nowMs;
    if (isOpen && invitation.email !== email) open += 1;
    if (Date.parse(invitation.invitedAt) > nowMs - DAY_MS) ofToday += 1;
  }
  if (members.size >= accountLimits.members) return 'too_many_members';
  if (open >= accountLimits.openInvitations) return 'too_many_invitations';
  return ofToday >= accountLimits.invitationsPerDay ? 'invited_too_often' : null;
}

export function withdrawInvitation(
  { data: { accountId, invitationId } }: WithdrawInvitation,
  state: OpenAccountState,
): AccountDecision {
  const invitation = state.invitations.get(invitationId);
  switch (invitation?.status) {
    case undefined:
      return refuse('invitation_not_found');
    case 'Accepted':
      return refuse('invitation_accepted');
    case 'Withdrawn':
      return accept();
    case 'Pending':
      return accept(withdrawn(accountId, invitationId, invitation.email));
  }
}

/** Joining twice by the same invitation changes nothing; it does not bring back who was removed. */
export function acceptInvitation(
  { now, data }: AcceptInvitation,
  state: OpenAccountState,
): AccountDecision {
  const { accountId, invitationId, userId, email, name } = data;
  const invitation = state.invitations.get(invitationId);
  const isMember = state.members.has(userId);
  switch (invitation?.status) {
    case undefined:
    case 'Withdrawn':
      return refuse('invitation_not_found');
    case 'Accepted':
      return invitation.userId === userId && isMember ? accept() : refuse('invitation_not_found');
    case 'Pending': {
      if (invitation.email !== email) return refuse('invitation_for_another');
      if (Date.parse(now) >= Date.parse(invitation.expiresAt)) return refuse('invitation_expired');
      if (isMember) return accept();
      if (state.members.size >= accountLimits.members) return refuse('too_many_members');
      const { role } = invitation;
      const joined = { accountId, userId, email, name, role, invitationId };
      return accept({ type: 'MemberJoined', data: joined });
    }
  }
}

const withdrawn = (accountId: string, invitationId: string, email: string): AccountEvent => ({
  type: 'InvitationWithdrawn',
  data: { accountId, invitationId, email },
});
