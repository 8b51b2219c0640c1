import type { AccountEvent, Role } from './account-events.js';

export interface OpenAccount {
  readonly type: 'OpenAccount';
  readonly data: {
    readonly accountId: string;
    readonly name: string;
    readonly owner: { readonly userId: string; readonly email: string; readonly name: string };
  };
}

export type AccountCommand = OpenAccount;

export type AccountState =
  | { readonly status: 'NotExisting' }
  | {
      readonly status: 'Open';
      readonly name: string;
      readonly members: ReadonlyMap<string, Role>;
    };

export const initialAccountState: AccountState = { status: 'NotExisting' };

export type AccountRefusal = 'account_not_found';

export type AccountDecision =
  | { readonly ok: true; readonly events: readonly AccountEvent[] }
  | { readonly ok: false; readonly code: AccountRefusal };

const accept = (...events: AccountEvent[]): AccountDecision => ({ ok: true, events });

/** Decides what a command does to an account. Opening an open account changes nothing: `[]`. */
export function decide(command: AccountCommand, state: AccountState): AccountDecision {
  return state.status === 'NotExisting' ? openAccount(command) : accept();
}

function openAccount({ data: { accountId, name, owner } }: OpenAccount): AccountDecision {
  const joined = { accountId, ...owner, role: 'owner', invitationId: null } as const;
  return accept(
    { type: 'AccountOpened', data: { accountId, name } },
    { type: 'MemberJoined', data: joined },
  );
}

/** Folds one event into the state; events it does not know leave the state as it is. */
export function evolve(state: AccountState, event: AccountEvent): AccountState {
  switch (event.type) {
    case 'AccountOpened':
      return { status: 'Open', name: event.data.name, members: new Map() };
    case 'MemberJoined':
    case 'MemberRoleChanged':
      return withMember(state, event.data.userId, event.data.role);
    case 'MemberRemoved':
      return withMember(state, event.data.userId, null);
    default:
      return state;
  }
}

function withMember(state: AccountState, userId: string, role: Role | null): AccountState {
  if (state.status !== 'Open') return state;
  const members = new Map(state.members);
  if (role === null) members.delete(userId);
  else members.set(userId, role);
  return { ...state, members };
}
