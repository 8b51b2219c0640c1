import type { EventShape, RecordedEvent } from '@keytrail/event-store';
import {
  accountOpened,
  keyCreated,
  keyRevoked,
  keyUsed,
  memberInvited,
  oneOfEach,
  recorded,
} from '@keytrail/testing';

/** Events of each type there is, in an order in which they can happen. */
export const eventOfEachType: readonly EventShape[] = Object.values(oneOfEach).flatMap(
  (event): EventShape[] =>
    event.type === 'InvitationWithdrawn'
      ? [memberInvited({ invitationId: event.data.invitationId, tokenHash: 'token_2' }), event]
      : [event],
);

/** Events of several accounts, keys and hours. */
export function longHistory(keys: number, usesPerKey: number): RecordedEvent[] {
  const startedAt = Date.parse('2026-03-01T00:00:00.000Z');
  const events: EventShape[] = [];
  for (let number = 1; number <= keys; number += 1) {
    const key = { keyId: `key_${number}`, accountId: `acc_${number % 2}` };
    events.push(keyCreated({ ...key, secretHash: `hash_${number}`, name: `Key no. ${number}` }));
  }
  for (let use = 0; use < usesPerKey; use += 1) {
    for (let number = 1; number <= keys; number += 1) {
      events.push(keyUsed({ keyId: `key_${number}`, accountId: `acc_${number % 2}` }));
    }
  }
  for (let number = 1; number <= keys; number += 3) {
    events.push(keyRevoked({ keyId: `key_${number}`, accountId: `acc_${number % 2}` }));
  }
  return [accountOpened(), ...events].map((event, index) =>
    recorded(event, { at: new Date(startedAt + index * 60_000).toISOString() }),
  );
}
