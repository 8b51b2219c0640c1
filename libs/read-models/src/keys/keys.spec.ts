import {
  documentsAfter,
  keyCreated,
  keyRefused,
  keyRevoked,
  keyUsed,
  recorded,
} from '@keytrail/testing';
import { keys } from './keys.projection.js';

const created = recorded(keyCreated(), { commit: 10n, at: '2026-03-01T10:00:00.000Z' });
const used = (commit: bigint, at: string) => recorded(keyUsed(), { commit, at });
const revoked = recorded(keyRevoked(), { commit: 90n, at: '2026-03-03T10:00:00.000Z' });

const unused = {
  accountId: 'acc_1',
  name: 'CI',
  keyPrefix: 'axk_1234',
  status: 'Active',
  createdAt: new Date('2026-03-01T10:00:00.000Z'),
  createdBy: 'anna@example.com',
  revokedAt: null,
  revokedBy: null,
  reason: null,
  createdPosition: '00000000000000000010',
  position: '00000000000000000010',
};

describe('keys', () => {
  it('given nothing, when a key is created, then it is listed without its hash', () => {
    expect(documentsAfter(keys, [created])).toEqual({ key_1: unused });
  });

  it('given a key, when it is used, then it says when', () => {
    expect(documentsAfter(keys, [created, used(20n, '2026-03-01T11:00:00.000Z')])).toEqual({
      key_1: {
        ...unused,
        lastUsedAt: new Date('2026-03-01T11:00:00.000Z'),
        position: '00000000000000000020',
      },
    });
  });

  it('given a use by a process whose clock is ahead, when used again, then the latest time stays', () => {
    const events = [
      created,
      used(20n, '2026-03-01T11:00:00.500Z'),
      used(21n, '2026-03-01T11:00:00.400Z'),
    ];
    expect(documentsAfter(keys, events)['key_1']).toMatchObject({
      lastUsedAt: new Date('2026-03-01T11:00:00.500Z'),
      position: '00000000000000000021',
    });
  });

  it('given a key, when it is revoked, then it stays listed with when, by whom and why', () => {
    expect(documentsAfter(keys, [created, revoked])).toEqual({
      key_1: {
        ...unused,
        status: 'Revoked',
        revokedAt: new Date('2026-03-03T10:00:00.000Z'),
        revokedBy: 'anna@example.com',
        reason: 'leaked',
        position: '00000000000000000090',
      },
    });
  });

  it('given a revoked key, when a request with it is refused, then nothing changes', () => {
    expect(documentsAfter(keys, [created, revoked, recorded(keyRefused())])).toEqual(
      documentsAfter(keys, [created, revoked]),
    );
  });
});
