import { jest } from '@jest/globals';
import type { AccountEvent } from './account-events.js';
import { foldAccount, initialAccountState } from './account-state.js';
import type { AccountState } from './account-state.js';

const accountId = 'acc_1';
const opened: AccountEvent = { type: 'AccountOpened', data: { accountId, name: 'Ada' } };

const invited = (invitationId: string, email: string): AccountEvent => ({
  type: 'MemberInvited',
  data: {
    ...{ accountId, invitationId, email, role: 'reviewer', tokenHash: 'f'.repeat(64) },
    expiresAt: '2026-01-08T00:00:00.000Z',
  },
});
const joined = (userId: string, email: string, invitationId: string | null): AccountEvent => ({
  type: 'MemberJoined',
  data: { accountId, userId, email, name: userId, role: 'reviewer', invitationId },
});

const at = (occurredAt: string, ...events: AccountEvent[]) =>
  events.map((event) => ({ ...event, context: { occurredAt } }));
const given = (...events: AccountEvent[]): AccountState =>
  foldAccount(initialAccountState, at('2026-01-01T00:00:00.000Z', ...events));

describe('the state of an account', () => {
  it('tells of each member the address, the name, the role and since when', () => {
    const state = foldAccount(
      given(opened),
      at('2026-01-02T00:00:00.000Z', joined('ben', 'ben@example.com', null)),
    );
    const ben = { email: 'ben@example.com', name: 'ben', role: 'reviewer' };
    expect(state).toMatchObject({ name: 'Ada' });
    expect('members' in state && state.members.get('ben')).toEqual({
      ...ben,
      joinedAt: '2026-01-02T00:00:00.000Z',
    });
  });

  it('is not made by events of an account that was never opened', () => {
    const never = given(invited('inv_1', 'b@example.com'), joined('ben', 'b@example.com', 'inv_1'));
    expect(never).toEqual({ status: 'NotExisting' });
  });

  it('is not changed by an event it does not know', () => {
    const unknown = { type: 'AccountAdorned', data: { accountId } } as unknown as AccountEvent;
    expect(given(opened, unknown)).toEqual(given(opened));
  });

  it('is another one after further events: the one before stays as it was', () => {
    const before = given(opened);
    const after = foldAccount(before, at('2026-01-02T00:00:00.000Z', joined('ben', 'b', null)));
    expect(before).toEqual(given(opened));
    expect(after).not.toEqual(before);
  });

  it('takes one step for each event of a long history', () => {
    const history: AccountEvent[] = [opened];
    for (let person = 0; person < 5_000; person += 1) {
      const email = `${person}@example.com`;
      history.push(invited(`inv_${person}`, email), joined(`${person}`, email, `inv_${person}`));
    }
    // A copied map is filled entry by entry.
    const steps = jest.spyOn(Map.prototype, 'set');
    try {
      given(...history);
      expect(steps.mock.calls.length).toBeLessThan(2 * history.length);
    } finally {
      steps.mockRestore();
    }
  });
});
