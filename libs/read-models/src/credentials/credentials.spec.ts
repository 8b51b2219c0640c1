import { documentsAfter, keyCreated, keyRevoked, keyUsed, recorded } from '@keytrail/testing';
import { credentials } from './credentials.projection.js';

const created = recorded(keyCreated(), { commit: 10n });
const used = recorded(keyUsed(), { commit: 20n });
const revoked = recorded(keyRevoked(), { commit: 30n });

const active = {
  secretHash: 'hash_1',
  accountId: 'acc_1',
  name: 'CI',
  keyPrefix: 'axk_1234',
  status: 'Active',
  position: '00000000000000000010',
};
const dead = { ...active, status: 'Revoked', position: '00000000000000000030' };

describe('credentials', () => {
  it('given nothing, when a key is created, then its hash is that of an active key', () => {
    expect(documentsAfter(credentials, [created])).toEqual({ key_1: active });
  });

  it('given a key, when it is used, then nothing changes', () => {
    expect(documentsAfter(credentials, [created, used])).toEqual({ key_1: active });
  });

  it('given a key, when it is revoked, then it is revoked', () => {
    expect(documentsAfter(credentials, [created, revoked])).toEqual({ key_1: dead });
  });

  it.each([
    ['in order, each twice', [created, created, revoked, revoked]],
    ['the revocation first', [revoked, created]],
    ['the creation again after the revocation', [created, revoked, created]],
  ])('a revoked key stays revoked when written %s', (_, events) => {
    expect(documentsAfter(credentials, events)).toEqual({ key_1: dead });
  });
});
