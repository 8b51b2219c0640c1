/** What people do with their sessions, once for each account that they are in. Stream: `session-<day>.<process>`. */
export type SessionEvent = SignedIn | PasswordChanged;

export interface SignedIn {
  readonly type: 'SignedIn';
  readonly data: { readonly accountId: string; readonly userId: string };
}

export interface PasswordChanged {
  readonly type: 'PasswordChanged';
  readonly data: { readonly accountId: string; readonly userId: string };
}
