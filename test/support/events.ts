import type { Actor, EventShape, RecordedEvent } from '@keytrail/event-store';
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

type Data = Readonly<Record<string, unknown>>;

const key = { keyId: 'key_1', accountId: 'acc_1' };
const member = { accountId: 'acc_1', userId: 'usr_ben' };
const invitation = { accountId: 'acc_1', invitationId: 'inv_1' };

export const accountOpened = (data: Data = {}): EventShape => ({
  type: 'AccountOpened',
  data: { accountId: 'acc_1', name: 'Example', ...data },
});
export const keyCreated = (data: Data = {}): EventShape => ({
  type: 'KeyCreated',
  data: { ...key, name: 'CI', keyPrefix: 'axk_1234', secretHash: 'hash_1', ...data },
});
export const keyUsed = (data: Data = {}): EventShape => ({
  type: 'KeyUsed',
  data: { ...key, method: 'GET', path: '/v1/me', ...data },
});
export const keyRefused = (data: Data = {}): EventShape => ({
  type: 'KeyRefused',
  data: { ...key, reason: 'revoked_key', count: 3, method: 'GET', path: '/v1/me', ...data },
});
export const keyRevoked = (data: Data = {}): EventShape => ({
  type: 'KeyRevoked',
  data: { ...key, reason: 'leaked', ...data },
});
export const memberInvited = (data: Data = {}): EventShape => ({
  type: 'MemberInvited',
  data: {
    ...invitation,
    email: 'ben@example.com',
    role: 'reviewer',
    tokenHash: 'token_1',
    expiresAt: '2026-03-08T00:00:00.000Z',
    ...data,
  },
});
export const invitationWithdrawn = (data: Data = {}): EventShape => ({
  type: 'InvitationWithdrawn',
  data: { ...invitation, email: 'ben@example.com', ...data },
});
export const memberJoined = (data: Data = {}): EventShape => ({
  type: 'MemberJoined',
  data: {
    ...member,
    email: 'ben@example.com',
    name: 'Ben',
    role: 'reviewer',
    invitationId: 'inv_1',
    ...data,
  },
});
export const memberRoleChanged = (data: Data = {}): EventShape => ({
  type: 'MemberRoleChanged',
  data: { ...member, email: 'ben@example.com', role: 'owner', ...data },
});
export const memberRemoved = (data: Data = {}): EventShape => ({
  type: 'MemberRemoved',
  data: { ...member, email: 'ben@example.com', ...data },
});
export const signedIn = (data: Data = {}): EventShape => ({
  type: 'SignedIn',
  data: { accountId: 'acc_1', userId: 'usr_anna', ...data },
});
