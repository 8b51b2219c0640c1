/** What people do with their sessions, once for each account that they are in. Stream: `session-<day>.<process>`. */
export type SessionEvent = SignedIn | SignInFailed | SignedOut | SessionsEnded | PasswordChanged;

export interface SignedIn {
  readonly type: 'SignedIn';
  readonly data: { readonly accountId: string; readonly userId: string };
}

/** Attempts to sign in as a person with a wrong password, folded per caller and minute. */
export interface SignInFailed {
  readonly type: 'SignInFailed';
  readonly data: {
    readonly accountId: string;
    /** Of the person whose address it is. */
    readonly userId: string;
    /** The address that was typed in, in lower case. */
    readonly email: string;
    readonly reason: 'wrong_password';
    /** How many attempts this event stands for, at least 1. */
    readonly count: number;
    /** Set on the one event for all callers of a minute after the first 20; its context names none of them. */
    readonly manyCallers?: true;
  };
}

export interface SignedOut {
  readonly type: 'SignedOut';
  readonly data: { readonly accountId: string; readonly userId: string };
}

/** A person has ended all sessions of theirs. */
export interface SessionsEnded {
  readonly type: 'SessionsEnded';
  readonly data: { readonly accountId: string; readonly userId: string };
}

export interface PasswordChanged {
  readonly type: 'PasswordChanged';
  readonly data: { readonly accountId: string; readonly userId: string };
}
