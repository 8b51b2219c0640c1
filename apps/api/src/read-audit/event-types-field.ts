import type { AccountEvent } from '@keytrail/accounts';
import type { KeyEvent, KeyRefused, KeyUsed } from '@keytrail/keys';
import { combine } from '@keytrail/platform';
import { registerDecorator } from 'class-validator';
import { IsTextField } from '../http/fields.js';

type AuditedType =
  (KeyEvent | KeyUsed | KeyRefused | AccountEvent)['type'] | 'SignedIn' | 'AuditExported';

/** Every type of event that the trail can hold; a record, so that the compiler misses none. */
const audited: Readonly<Record<AuditedType, true>> = {
  KeyCreated: true,
  KeyUsed: true,
  KeyRevoked: true,
  KeyRefused: true,
  AccountOpened: true,
  MemberInvited: true,
  InvitationWithdrawn: true,
  MemberJoined: true,
  MemberRoleChanged: true,
  MemberRemoved: true,
  SignedIn: true,
  AuditExported: true,
};

const names = Object.keys(audited);

/** The types that a filter names, separated by commas. */
export const typesIn = (filter: string): string[] =>
  filter.split(',').filter((name) => name !== '');

/**
 * Event types, separated by commas. An unknown one is refused: its empty list would read as a trail
 * in which nothing of the kind ever happened.
 */
export function IsEventTypesField(description: string): PropertyDecorator {
  return combine(IsTextField(description), (target, propertyName) => {
    registerDecorator({
      name: 'isEventTypes',
      target: target.constructor,
      propertyName: String(propertyName),
      validator: {
        validate: (filter: unknown) =>
          typeof filter === 'string' && typesIn(filter).every((name) => names.includes(name)),
        defaultMessage: () => `must be event types, separated by commas: ${names.join(', ')}`,
      },
    });
  });
}
