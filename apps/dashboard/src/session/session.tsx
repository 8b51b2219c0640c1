import { createContext, use } from 'react';
import type { Account, Role } from '../api/types.js';

export interface Session {
  readonly accountId: string;
  readonly accountName: string;
  readonly userId: string;
  readonly email: string;
  readonly role: Role;
  /** Every account the person is a member of, this one too. */
  readonly accounts: readonly Account[];
  /** What every key begins with, before its underscore. */
  readonly keyPrefixWord: string;
}

export const SessionContext = createContext<Session | null>(null);

/** Who is signed in, and to which account. Only inside the signed-in pages. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (session === null) throw new Error('There is no session outside the signed-in pages.');
  return session;
}

/** Reviewers read everything and change nothing: every control that changes something asks this. */
export const useMayChange = (): boolean => useSession().role === 'owner';
