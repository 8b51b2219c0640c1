import type { Happened } from '../common/happened.js';
import type { AccountEvent, MemberJoined, Role } from './account-events.js';

export interface Member {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** ISO 8601, UTC, milliseconds. */
  readonly joinedAt: string;
}

export type Invitation =
  | ({ readonly status: 'Pending' } & Invited)
  | ({ readonly status: 'Withdrawn' } & Invited)
  | ({ readonly status: 'Accepted'; readonly userId: string } & Invited);

interface Invited {
  readonly email: string;
  readonly role: Role;
  /** ISO 8601, UTC, milliseconds; so are all times. */
  readonly invitedAt: string;
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

/** A state that nobody else has yet, so that events are folded into it without a copy for each. */
interface Draft {
  readonly name: string;
  readonly members: Map<string, Member>;
  readonly invitations: Map<string, Invitation>;
}

/** The state after further events; those it does not know leave it as it is. */
export function foldAccount(
  state: AccountState,
  events: readonly Happened<AccountEvent>[],
): AccountState {
  let draft = state.status === 'Open' ? copyOf(state) : null;
  for (const event of events) {
    if (event.type === 'AccountOpened') {
      draft = { name: event.data.name, members: new Map(), invitations: new Map() };
    } else if (draft) {
      apply(draft, event);
    }
  }
  return draft ? { status: 'Open', ...draft } : state;
}

const copyOf = ({ name, members, invitations }: OpenAccountState): Draft => ({
  name,
  members: new Map(members),
  invitations: new Map(invitations),
});

type Later = Exclude<Happened<AccountEvent>, { readonly type: 'AccountOpened' }>;

function apply({ members, invitations }: Draft, event: Later): void {
  switch (event.type) {
    case 'MemberInvited': {
      const { invitationId, email, role, expiresAt } = event.data;
      const invitedAt = event.context.occurredAt;
      invitations.set(invitationId, { status: 'Pending', email, role, invitedAt, expiresAt });
      return;
    }
    case 'InvitationWithdrawn':
      end(invitations, event.data.invitationId, { status: 'Withdrawn' });
      return;
    case 'MemberJoined':
      members.set(event.data.userId, memberOf(event));
      if (event.data.invitationId !== null) {
        const { invitationId, userId } = event.data;
        end(invitations, invitationId, { status: 'Accepted', userId });
      }
      return;
    case 'MemberRoleChanged': {
      const { userId, role } = event.data;
      const member = members.get(userId);
      if (member) members.set(userId, { ...member, role });
      return;
    }
    case 'MemberRenamed': {
      const { userId, name } = event.data;
      const member = members.get(userId);
      if (member) members.set(userId, { ...member, name });
      return;
    }
    case 'MemberRemoved':
      members.delete(event.data.userId);
      return;
    default:
      event satisfies never;
  }
}

const memberOf = ({ data, context }: Happened<MemberJoined>): Member => ({
  email: data.email,
  name: data.name,
  role: data.role,
  joinedAt: context.occurredAt,
});

type End =
  { readonly status: 'Withdrawn' } | { readonly status: 'Accepted'; readonly userId: string };

function end(invitations: Map<string, Invitation>, invitationId: string, how: End): void {
  const invitation = invitations.get(invitationId);
  if (!invitation) return;
  const { email, role, invitedAt, expiresAt } = invitation;
  invitations.set(invitationId, { email, role, invitedAt, expiresAt, ...how });
}
