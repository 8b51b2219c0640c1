import type { Role } from '@keytrail/accounts';
import type { Actor } from '@keytrail/event-store';

/** Who makes a request, and for which account. */
export type Identity = KeyIdentity | PersonIdentity;

export interface KeyIdentity {
  readonly kind: 'key';
  readonly accountId: string;
  readonly keyId: string;
  readonly name: string;
  readonly keyPrefix: string;
}

export interface PersonIdentity {
  readonly kind: 'person';
  readonly accountId: string;
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
}

/** How the log names who did it. */
export function actorOf(identity: Identity): Actor {
  return identity.kind === 'key'
    ? { type: 'apiKey', id: identity.keyId, label: identity.keyPrefix }
    : { type: 'user', id: identity.userId, label: identity.email };
}
