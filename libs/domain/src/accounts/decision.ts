import type { AccountEvent } from './account-events.js';

/** Why a command was refused; an expected outcome, hence a value and not an exception. */
export type AccountRefusal =
  | 'account_not_found'
  /** Whoever asks is not, or no longer, an owner. */
  | 'insufficient_role'
  | 'already_member'
  | 'too_many_members'
  /** So many are open that another one would be too many. */
  | 'too_many_invitations'
  /** So many were made within a day that another one would be too many. */
  | 'invited_too_often'
  /** There is none with this id, or it can no longer be used. */
  | 'invitation_not_found'
  | 'invitation_accepted'
  | 'invitation_expired'
  | 'invitation_for_another'
  | 'member_not_found'
  /** Nobody who can manage the account would be left. */
  | 'last_owner';

export type AccountDecision =
  | { readonly ok: true; readonly events: readonly AccountEvent[] }
  | { readonly ok: false; readonly code: AccountRefusal };

export const accept = (...events: AccountEvent[]): AccountDecision => ({ ok: true, events });

export const refuse = (code: AccountRefusal): AccountDecision => ({ ok: false, code });
