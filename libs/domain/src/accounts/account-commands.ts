import type { Role } from './account-events.js';

/**
 * What can be asked of one account. `by` is the id of the member who asks; only owners may, but for
 * leaving, which everybody may. Without one
 * it is the operator, who writes again what a restored log has lost.
 */
export type AccountCommand =
  | OpenAccount
  | InviteMember
  | WithdrawInvitation
  | AcceptInvitation
  | ChangeMemberRole
  | RenameMember
  | RemoveMember;

export interface OpenAccount {
  readonly type: 'OpenAccount';
  readonly data: {
    readonly accountId: string;
    readonly name: string;
    readonly owner: { readonly userId: string; readonly email: string; readonly name: string };
  };
}

export interface InviteMember {
  readonly type: 'InviteMember';
  readonly by: string | null;
  /** ISO 8601, UTC, milliseconds. */
  readonly now: string;
  readonly data: {
    readonly accountId: string;
    readonly invitationId: string;
    /** In lower case, as all addresses of people are kept. */
    readonly email: string;
    readonly role: Role;
    /** SHA-256 of the token in the link, 64 hexadecimal digits. */
    readonly tokenHash: string;
    /** ISO 8601, UTC, milliseconds. */
    readonly expiresAt: string;
  };
}

export interface WithdrawInvitation {
  readonly type: 'WithdrawInvitation';
  readonly by: string | null;
  readonly data: { readonly accountId: string; readonly invitationId: string };
}

export interface AcceptInvitation {
  readonly type: 'AcceptInvitation';
  /** ISO 8601, UTC, milliseconds. */
  readonly now: string;
  readonly data: {
    readonly accountId: string;
    readonly invitationId: string;
    /** The person who holds the link and is signed in. */
    readonly userId: string;
    readonly email: string;
    readonly name: string;
  };
}

export interface ChangeMemberRole {
  readonly type: 'ChangeMemberRole';
  readonly by: string | null;
  readonly data: { readonly accountId: string; readonly userId: string; readonly role: Role };
}

export interface RenameMember {
  readonly type: 'RenameMember';
  /** The person has the new name already, wherever they are signed in. */
  readonly data: { readonly accountId: string; readonly userId: string; readonly name: string };
}

export interface RemoveMember {
  readonly type: 'RemoveMember';
  readonly by: string | null;
  readonly data: { readonly accountId: string; readonly userId: string };
}
