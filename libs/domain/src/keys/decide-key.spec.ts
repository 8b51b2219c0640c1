import { decideKey as decide } from './decide-key.js';
import type { KeyCommand } from './key-commands.js';
import type { KeyEvent } from './key-events.js';
import { foldKey, initialKeyState } from './key-state.js';
import type { KeyState } from './key-state.js';

const issued = {
  keyId: 'key_1',
  accountId: 'acc_1',
  name: 'Production Key',
  keyPrefix: 'axk_1234',
  secretHash: 'f'.repeat(64),
};
const create: KeyCommand = { type: 'CreateKey', data: issued };
const revocation = { keyId: 'key_1', accountId: 'acc_1', reason: 'Leaked' };
const revoke: KeyCommand = { type: 'RevokeKey', data: revocation };
const created: KeyEvent = { type: 'KeyCreated', data: issued };
const revoked: KeyEvent = { type: 'KeyRevoked', data: revocation };

/** One after the other, a minute apart. */
const happened = (...events: KeyEvent[]) =>
  events.map((event, minute) => ({
    ...event,
    context: { occurredAt: `2026-01-01T00:0${minute}:00.000Z` },
  }));
const given = (...events: KeyEvent[]): KeyState => foldKey(initialKeyState, happened(...events));

describe('creating a key', () => {
  it('is accepted when there is none', () => {
    expect(decide(create, given())).toEqual({ ok: true, events: [created] });
  });

  it.each([
    ['active', [created]],
    ['revoked', [created, revoked]],
  ])('is refused when there is an %s one', (_, history) => {
    expect(decide(create, given(...history))).toEqual({ ok: false, code: 'key_already_created' });
  });
});

describe('revoking a key', () => {
  it('is accepted while it is active', () => {
    expect(decide(revoke, given(created))).toEqual({ ok: true, events: [revoked] });
  });

  it('changes nothing when it is revoked already', () => {
    expect(decide(revoke, given(created, revoked))).toEqual({ ok: true, events: [] });
  });

  it('is refused when there is no such key', () => {
    expect(decide(revoke, given())).toEqual({ ok: false, code: 'key_not_found' });
  });

  it.each([
    ['active', [created]],
    ['revoked', [created, revoked]],
  ])('answers for an %s key of another account as for one that does not exist', (_, history) => {
    const foreign: KeyCommand = { ...revoke, data: { ...revocation, accountId: 'acc_2' } };
    expect(decide(foreign, given(...history))).toEqual({ ok: false, code: 'key_not_found' });
  });
});

describe('the state of a key', () => {
  it('goes from not existing over active to revoked', () => {
    expect(given().status).toBe('NotExisting');
    expect(given(created).status).toBe('Active');
    expect(given(created, revoked).status).toBe('Revoked');
  });

  it('tells when it was created and revoked, the first time', () => {
    expect(given(created, revoked, revoked)).toMatchObject({
      createdAt: '2026-01-01T00:00:00.000Z',
      revokedAt: '2026-01-01T00:01:00.000Z',
    });
  });

  it('is never active again after a revocation', () => {
    const again = decide(create, given(created, revoked));
    expect(again.ok).toBe(false);
    expect(given(created, revoked, revoked).status).toBe('Revoked');
  });

  it('is left as it is by an event that it does not know', () => {
    const unknown = { type: 'KeyPolished', data: {} } as unknown as KeyEvent;
    expect(foldKey(given(created), happened(unknown))).toEqual(given(created));
  });

  it('ignores a revocation of what was never created', () => {
    expect(given(revoked)).toEqual(initialKeyState);
  });
});
