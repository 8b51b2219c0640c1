import {
  accountOpened,
  anna,
  auditExported,
  documentsAfter,
  invitationWithdrawn,
  keyCreated,
  keyRefused,
  keyRevoked,
  keyUsed,
  logOpened,
  memberInvited,
  memberJoined,
  memberRemoved,
  memberRoleChanged,
  passwordChanged,
  recorded,
  signedIn,
} from '@keytrail/testing';
import { audit } from './audit.projection.js';

const position = '00000000000000000010';
const at = '2026-03-01T10:15:00.000Z';

describe('audit', () => {
  it('given nothing, when a key is used, then one entry says by which key, how and from where', () => {
    const actor = { type: 'apiKey', id: 'key_1', label: 'axk_1234' } as const;
    const event = recorded(keyUsed(), { commit: 10n, at, actor });
    expect(documentsAfter(audit, [event])).toEqual({
      [position]: {
        eventId: event.id,
        accountId: 'acc_1',
        type: 'KeyUsed',
        at: new Date(at),
        apiKeyId: 'key_1',
        actor,
        ip: '192.0.2.7',
        userAgent: 'curl/8',
        requestId: 'req_1',
        details: { method: 'GET', path: '/v1/me' },
      },
    });
  });

  it.each([
    [keyCreated(), 'key_1', { name: 'CI', keyPrefix: 'axk_1234' }],
    [keyRevoked(), 'key_1', { reason: 'leaked' }],
    [keyRefused(), 'key_1', { reason: 'revoked_key', count: 3, method: 'GET', path: '/v1/me' }],
    [accountOpened(), null, { name: 'Example' }],
    [
      memberInvited(),
      null,
      {
        invitationId: 'inv_1',
        email: 'ben@example.com',
        role: 'reviewer',
        expiresAt: '2026-03-08T00:00:00.000Z',
      },
    ],
    [invitationWithdrawn(), null, { invitationId: 'inv_1', email: 'ben@example.com' }],
    [
      memberJoined(),
      null,
      {
        userId: 'usr_ben',
        email: 'ben@example.com',
        name: 'Ben',
        role: 'reviewer',
        invitationId: 'inv_1',
      },
    ],
    [memberRoleChanged(), null, { userId: 'usr_ben', email: 'ben@example.com', role: 'owner' }],
    [memberRemoved(), null, { userId: 'usr_ben', email: 'ben@example.com' }],
    [signedIn(), null, { userId: 'usr_anna' }],
    [passwordChanged(), null, { userId: 'usr_anna' }],
  ])('given nothing, when $type happens, then one entry has its details', (event, key, details) => {
    const documents = documentsAfter(audit, [recorded(event, { commit: 10n })]);
    expect(documents).toEqual({
      [position]: expect.objectContaining({
        type: event.type,
        apiKeyId: key,
        actor: anna,
        details,
        isUse: false,
      }) as unknown,
    });
    expect(JSON.stringify(documents)).not.toMatch(/hash_1|token_1/);
  });

  it('an older event, which does not tell the address, has the ids alone', () => {
    const older = { type: 'MemberRemoved', data: { accountId: 'acc_1', userId: 'usr_ben' } };
    const documents = documentsAfter(audit, [recorded(older, { commit: 10n })]);
    expect(documents[position]).toMatchObject({ details: { userId: 'usr_ben' } });
  });

  it('what was done with a key is an entry of that key', () => {
    const actor = { type: 'apiKey', id: 'key_9', label: 'axk_9999' } as const;
    const documents = documentsAfter(audit, [recorded(auditExported(), { commit: 10n, actor })]);
    expect(documents[position]).toMatchObject({ apiKeyId: 'key_9', details: { format: 'csv' } });
  });

  it('an event of no account is no entry', () => {
    expect(documentsAfter(audit, [recorded(logOpened())])).toEqual({});
  });

  it('knows per account, hour and second where in the log the entries lie, whatever the clocks say', () => {
    const used = (commit: bigint, time: string) => recorded(keyUsed(), { commit, at: time });
    const events = [
      used(10n, '2026-03-01T10:59:59.900Z'),
      used(20n, '2026-03-01T11:00:00.100Z'),
      used(30n, '2026-03-01T10:59:59.950Z'),
      used(40n, '2026-03-01T10:59:58.000Z'),
    ];
    const between = (first: number, last: number) => ({
      first: String(first).padStart(20, '0'),
      last: String(last).padStart(20, '0'),
    });
    expect(documentsAfter(audit, events, 'hours')).toEqual({
      'acc_1:2026-03-01T10:00:00.000Z': between(10, 40),
      'acc_1:2026-03-01T11:00:00.000Z': between(20, 20),
    });
    expect(documentsAfter(audit, events, 'seconds')).toEqual({
      'acc_1:2026-03-01T10:59:58.000Z': between(40, 40),
      'acc_1:2026-03-01T10:59:59.000Z': between(10, 30),
      'acc_1:2026-03-01T11:00:00.000Z': between(20, 20),
    });
  });
});
