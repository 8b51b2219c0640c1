import type { Credential } from '../credentials/credentials.queries.js';
import { Lease, LEASE_MS } from './lease.js';

const credential = (name: string): Credential => ({
  keyId: `key_${name}`,
  accountId: 'acc_1',
  name,
  keyPrefix: 'axk_1234',
  status: 'Active',
  secretHash: name,
});

const found = (...names: string[]) => new Map(names.map((name) => [name, credential(name)]));

describe('a lease', () => {
  let now: { monotonic: number; wall: number };
  beforeEach(() => {
    now = { monotonic: 0, wall: 1_000_000 };
  });
  const lease = (max?: number): Lease => new Lease('lease_1', { ...now }, () => ({ ...now }), max);
  const pass = (ms: number): void => {
    now.monotonic += ms;
    now.wall += ms;
  };

  it('answers with what was loaded under it, until it runs out', () => {
    const held = lease();
    held.loading()(found('a'));
    pass(LEASE_MS - 1);
    expect(held.get('a')).toEqual(credential('a'));
    pass(1);
    expect(held.get('a')).toBeUndefined();
  });

  it('runs for a while from before its renewal was sent', () => {
    const held = lease();
    held.loading()(found('a'));
    const sentAt = { ...now };
    pass(LEASE_MS - 1);
    expect(held.renew(sentAt)).toBe(true);
    pass(1);
    expect(held.get('a')).toBeUndefined();
  });

  it('is not taken up again when the renewal is acknowledged too late', () => {
    const held = lease();
    held.loading()(found('a'));
    pass(LEASE_MS);
    expect(held.renew({ ...now })).toBe(false);
    expect(held.get('a')).toBeUndefined();
  });

  it.each([
    ['slept, so that its monotonic clock stood still', { monotonic: 1, wall: LEASE_MS }],
    ['had its wall clock set back', { monotonic: 1, wall: -1 }],
    ['had its wall clock stand still', { monotonic: LEASE_MS, wall: 0 }],
  ])('has run out on a machine that %s', (_, { monotonic, wall }) => {
    const held = lease();
    held.loading()(found('a'));
    now.monotonic += monotonic;
    now.wall += wall;
    expect(held.get('a')).toBeUndefined();
  });

  it('is asked for the time after the entry was read, not before', () => {
    let isStopped = false;
    const held = new Lease('lease_1', { ...now }, () => {
      // Whatever stops the process does it between the two reads at the latest.
      if (isStopped) pass(LEASE_MS);
      return { ...now };
    });
    held.loading()(found('a'));
    isStopped = true;
    expect(held.get('a')).toBeUndefined();
  });

  it('lets go of a key that is revoked, and of no other', () => {
    const held = lease();
    held.loading()(found('a', 'b'));
    held.revoke('key_a', '10');
    expect([held.get('a'), held.get('b')]).toEqual([undefined, credential('b')]);
  });

  it('does not keep what was loaded while a revocation came by', () => {
    const held = lease();
    const keep = held.loading();
    held.revoke('key_a', '10');
    held.documentsReach('10');
    keep(found('a'));
    expect(held.get('a')).toBeUndefined();
  });

  it('keeps no key whose revocation the documents may not have yet', () => {
    const held = lease();
    held.revoke('key_a', '10');
    held.loading()(found('a'));
    expect(held.get('a')).toBeUndefined();
    held.documentsReach('09');
    held.loading()(found('a'));
    expect(held.get('a')).toBeUndefined();
    held.documentsReach('10');
    held.loading()(found('a'));
    expect(held.get('a')).toEqual(credential('a'));
  });

  it('does not keep what was loaded before the documents were known to hold the revocation', () => {
    const held = lease();
    held.revoke('key_a', '10');
    const keep = held.loading();
    held.documentsReach('10');
    keep(found('a'));
    expect(held.get('a')).toBeUndefined();
  });

  it('ends when too many keys were revoked that the documents may not have yet', () => {
    const held = lease(2);
    for (const key of ['a', 'b']) held.revoke(`key_${key}`, '10');
    expect(held.isRunning).toBe(true);
    held.revoke('key_c', '10');
    expect(held.isRunning).toBe(false);
    expect(held.renew({ ...now })).toBe(false);
  });

  it('keeps so many credentials, those that were used last', () => {
    const held = lease(2);
    held.loading()(found('a', 'b'));
    held.get('a');
    held.loading()(found('c'));
    expect([held.get('a'), held.get('b'), held.get('c')]).toEqual([
      credential('a'),
      undefined,
      credential('c'),
    ]);
  });

  it('answers nothing once it was ended', () => {
    const held = lease();
    held.loading()(found('a'));
    held.end();
    expect(held.get('a')).toBeUndefined();
  });
});
