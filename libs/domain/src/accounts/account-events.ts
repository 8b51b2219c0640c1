export type Role = 'owner' | 'reviewer';

/** Everything that can have happened to one account. Stream: `account-<accountId>`. */
export type AccountEvent =
  | AccountOpened
  | MemberInvited
  | InvitationWithdrawn
  | MemberJoined
  | MemberRoleChanged
  | MemberRenamed
  | MemberRemoved;

export interface AccountOpened {
  readonly type: 'AccountOpened';
  readonly data: { readonly accountId: string; readonly name: string };
}

export interface MemberInvited {
  readonly type: 'MemberInvited';
  readonly data: {
    readonly accountId: string;
    readonly invitationId: string;
    readonly email: string;
    readonly role: Role;
    /** SHA-256 of the token in the link, 64 hexadecimal digits. */
    readonly tokenHash: string;
    /** ISO 8601, UTC. */
    readonly expiresAt: string;
  };
}

export interface InvitationWithdrawn {
  readonly type: 'InvitationWithdrawn';
  readonly data: {
    readonly accountId: string;
    readonly invitationId: string;
    /** Whose invitation it was, so that the entry is read without others. Older events lack it. */
    readonly email?: string;
  };
}

export interface MemberJoined {
  readonly type: 'MemberJoined';
  readonly data: {
    readonly accountId: string;
    readonly userId: string;
    readonly email: string;
    readonly name: string;
    readonly role: Role;
    /** `null` for the person who opened the account. */
    readonly invitationId: string | null;
  };
}

export interface MemberRoleChanged {
  readonly type: 'MemberRoleChanged';
  readonly data: {
    readonly accountId: string;
    readonly userId: string;
    /** The person's address, as it was when they joined. Older events lack it. */
    readonly email?: string;
    readonly role: Role;
  };
}

/** A person has changed their name, once for each account that they are in. */
export interface MemberRenamed {
  readonly type: 'MemberRenamed';
  readonly data: {
    readonly accountId: string;
    readonly userId: string;
    /** The person's address. */
    readonly email: string;
    readonly name: string;
  };
}

export interface MemberRemoved {
  readonly type: 'MemberRemoved';
  readonly data: {
    readonly accountId: string;
    readonly userId: string;
    /** The person's address, as it was when they joined. Older events lack it. */
    readonly email?: string;
  };
}
