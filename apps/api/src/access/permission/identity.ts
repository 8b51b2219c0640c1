import type { Role } from '@keytrail/domain';
import type { Actor } from '@keytrail/event-store';
import { personActor } from '../../http/caller-record.js';

/** Who makes a request, and for which account. */
export type Identity = KeyIdentity | PersonIdentity;

export interface KeyIdentity {
  readonly kind: 'key';
  readonly accountId: string;
  readonly keyId: string;
  readonly name: string;
  readonly keyPrefix: string;
}

export interface PersonIdentity extends SignedInPerson {
  readonly kind: 'person';
  readonly accountId: string;
  readonly role: Role;
}

/** A person with a session, who may be in several accounts or in none. */
export interface SignedInPerson {
  readonly userId: string;
  /** In lower case. */
  readonly email: string;
  readonly name: string;
}

/** How the log names who did it. */
export function actorOf(identity: Identity): Actor {
  return identity.kind === 'key'
    ? { type: 'apiKey', id: identity.keyId, label: identity.keyPrefix }
    : personActor(identity);
}
