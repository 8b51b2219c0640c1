import type { EventType, KeytrailEvent } from '@keytrail/domain';
import type { Actor, EventShape, Progress, RecordedEvent } from '@keytrail/event-store';
import { randomUUID } from 'node:crypto';

export const anna: Actor = { type: 'user', id: 'usr_anna', label: 'anna@example.com' };

let lastCommit = 1_000n;

export interface Circumstances {
  readonly commit?: bigint;
  readonly at?: string;
  readonly actor?: Actor;
}

/** An event as read from the log, each call a place further on. */
export function recorded(
  event: EventShape,
  {
    commit = (lastCommit += 10n),
    at = '2026-03-01T10:15:00.000Z',
    actor = anna,
  }: Circumstances = {},
): RecordedEvent {
  lastCommit = commit > lastCommit ? commit : lastCommit;
  return {
    ...event,
    id: randomUUID(),
    streamName: 'apiKey-any',
    revision: 0n,
    position: { commit, prepare: commit },
    context: {
      requestId: 'req_1',
      causationId: 'cmd_1',
      actor,
      ip: '192.0.2.7',
      userAgent: 'curl/8',
      occurredAt: at,
    },
  };
}

/** How far somebody is who has handled an event and all before it. */
export const progressAt = (event: RecordedEvent | undefined): Progress => ({
  last: event ? { position: event.position, eventId: event.id } : null,
  searched: null,
});

type Made<Type extends EventType> = Extract<KeytrailEvent, { readonly type: Type }>;

/** Makes events of one type, with the usual data but for what a test says. */
const maker =
  <Type extends EventType>(type: Type, usual: Made<Type>['data']) =>
  (data: Partial<Made<Type>['data']> = {}): Made<Type> =>
    ({ type, data: { ...usual, ...data } }) as Made<Type>;

const key = { keyId: 'key_1', accountId: 'acc_1' };
const invitation = { accountId: 'acc_1', invitationId: 'inv_1', email: 'ben@example.com' };
const member = { accountId: 'acc_1', userId: 'usr_ben', email: 'ben@example.com' };
const session = { accountId: 'acc_1', userId: 'usr_anna' };

export const logOpened = maker('LogOpened', { logId: 'log_1' });
export const accountOpened = maker('AccountOpened', { accountId: 'acc_1', name: 'Example' });
export const keyCreated = maker('KeyCreated', {
  ...key,
  name: 'CI',
  keyPrefix: 'axk_1234',
  secretHash: 'hash_1',
});
export const keyUsed = maker('KeyUsed', { ...key, method: 'GET', path: '/v1/me' });
export const keyRefused = maker('KeyRefused', {
  ...key,
  reason: 'revoked_key',
  count: 3,
  method: 'GET',
  path: '/v1/me',
});
export const keyRevoked = maker('KeyRevoked', { ...key, reason: 'leaked' });
export const memberInvited = maker('MemberInvited', {
  ...invitation,
  role: 'reviewer',
  tokenHash: 'token_1',
  expiresAt: '2026-03-08T00:00:00.000Z',
});
export const invitationWithdrawn = maker('InvitationWithdrawn', invitation);
export const memberJoined = maker('MemberJoined', {
  ...member,
  name: 'Ben',
  role: 'reviewer',
  invitationId: 'inv_1',
});
export const memberRoleChanged = maker('MemberRoleChanged', { ...member, role: 'owner' });
export const memberRenamed = maker('MemberRenamed', { ...member, name: 'Benjamin' });
export const memberRemoved = maker('MemberRemoved', member);
export const signedIn = maker('SignedIn', session);
const signInFailed = maker('SignInFailed', {
  ...session,
  email: 'anna@example.com',
  reason: 'wrong_password',
  count: 1,
});
const signedOut = maker('SignedOut', session);
const sessionsEnded = maker('SessionsEnded', session);
export const passwordChanged = maker('PasswordChanged', session);
export const auditExported = maker('AuditExported', {
  accountId: 'acc_1',
  format: 'csv',
  filters: { types: ['KeyUsed'] },
});

/** One event of each type, in an order in which they can happen. */
export const oneOfEach = {
  LogOpened: logOpened(),
  AccountOpened: accountOpened(),
  KeyCreated: keyCreated(),
  KeyUsed: keyUsed(),
  KeyRevoked: keyRevoked(),
  KeyRefused: keyRefused({ manyCallers: true }),
  MemberInvited: memberInvited(),
  MemberJoined: memberJoined(),
  MemberRoleChanged: memberRoleChanged(),
  MemberRenamed: memberRenamed(),
  MemberRemoved: memberRemoved(),
  InvitationWithdrawn: invitationWithdrawn({ invitationId: 'inv_2' }),
  SignedIn: signedIn(),
  SignInFailed: signInFailed({ manyCallers: true }),
  SignedOut: signedOut(),
  SessionsEnded: sessionsEnded(),
  PasswordChanged: passwordChanged(),
  AuditExported: auditExported(),
} as const satisfies { readonly [Type in EventType]: Made<Type> };
