import type { AccountEvent, MemberInvited, MemberJoined, Role } from './account-events.js';

export interface Member {
  readonly email: string;
  readonly role: Role;
}

export type Invitation =
  | ({ readonly status: 'Pending' } & Invited)
  | ({ readonly status: 'Withdrawn' } & Invited)
  | ({ readonly status: 'Accepted'; readonly userId: string } & Invited);

interface Invited {
  readonly email: string;
  readonly role: Role;
  readonly expiresAt: string;
}

export interface OpenAccountState {
  readonly status: 'Open';
  readonly name: string;
  /** By user id. */
  readonly members: ReadonlyMap<string, Member>;
  /** By invitation id; those that have ended too. */
  readonly invitations: ReadonlyMap<string, Invitation>;
}

export type AccountState = { readonly status: 'NotExisting' } | OpenAccountState;

export const initialAccountState: AccountState = { status: 'NotExisting' };

/** Folds one event into the state; events it does not know leave the state as it is. */
export function evolveAccount(state: AccountState, event: AccountEvent): AccountState {
  if (event.type === 'AccountOpened') {
    return { status: 'Open', name: event.data.name, members: new Map(), invitations: new Map() };
  }
  return state.status === 'Open' ? evolveOpen(state, event) : state;
}

function evolveOpen(
  state: OpenAccountState,
  event: Exclude<AccountEvent, { type: 'AccountOpened' }>,
): OpenAccountState {
  switch (event.type) {
    case 'MemberInvited':
      return withInvitation(state, event.data.invitationId, pending(event.data));
    case 'InvitationWithdrawn':
      return ended(state, event.data.invitationId, { status: 'Withdrawn' });
    case 'MemberJoined':
      return joined(state, event.data);
    case 'MemberRoleChanged': {
      const { userId, role } = event.data;
      const member = state.members.get(userId);
      return member ? withMember(state, userId, { ...member, role }) : state;
    }
    case 'MemberRemoved':
      return withMember(state, event.data.userId, null);
    default:
      return state;
  }
}

const pending = ({ email, role, expiresAt }: MemberInvited['data']): Invitation => ({
  status: 'Pending',
  email,
  role,
  expiresAt,
});

function joined(
  state: OpenAccountState,
  { userId, email, role, invitationId }: MemberJoined['data'],
): OpenAccountState {
  const withPerson = withMember(state, userId, { email, role });
  return invitationId === null
    ? withPerson
    : ended(withPerson, invitationId, { status: 'Accepted', userId });
}

type End =
  { readonly status: 'Withdrawn' } | { readonly status: 'Accepted'; readonly userId: string };

function ended(state: OpenAccountState, invitationId: string, end: End): OpenAccountState {
  const invitation = state.invitations.get(invitationId);
  if (!invitation) return state;
  const { email, role, expiresAt } = invitation;
  return withInvitation(state, invitationId, { email, role, expiresAt, ...end });
}

const withInvitation = (
  state: OpenAccountState,
  invitationId: string,
  invitation: Invitation,
): OpenAccountState => ({
  ...state,
  invitations: new Map(state.invitations).set(invitationId, invitation),
});

function withMember(
  state: OpenAccountState,
  userId: string,
  member: Member | null,
): OpenAccountState {
  const members = new Map(state.members);
  if (member === null) members.delete(userId);
  else members.set(userId, member);
  return { ...state, members };
}
