import {
  documentsAfter,
  invitationWithdrawn,
  memberInvited,
  memberJoined,
  recorded,
} from '@keytrail/testing';
import { invitations } from './invitations.projection.js';

const invited = recorded(memberInvited(), { at: '2026-03-01T10:00:00.000Z' });
const joined = recorded(memberJoined());
const withdrawn = recorded(invitationWithdrawn());

const pending = {
  accountId: 'acc_1',
  email: 'ben@example.com',
  role: 'reviewer',
  tokenHash: 'token_1',
  invitedAt: new Date('2026-03-01T10:00:00.000Z'),
  invitedBy: 'anna@example.com',
  expiresAt: new Date('2026-03-08T00:00:00.000Z'),
  status: 'Pending',
};

describe('invitations', () => {
  it('given nothing, when somebody is invited, then the invitation is pending', () => {
    expect(documentsAfter(invitations, [invited])).toEqual({ inv_1: pending });
  });

  it('given an invitation, when it is withdrawn, then it says so', () => {
    expect(documentsAfter(invitations, [invited, withdrawn])).toEqual({
      inv_1: { ...pending, status: 'Withdrawn' },
    });
  });

  it('given an invitation, when the person joins by it, then it is accepted', () => {
    expect(documentsAfter(invitations, [invited, joined])).toEqual({
      inv_1: { ...pending, status: 'Accepted' },
    });
  });

  it('given an invitation, when a person joins without one, then it is still pending', () => {
    const founder = recorded(memberJoined({ invitationId: null }));
    expect(documentsAfter(invitations, [invited, founder])).toEqual({ inv_1: pending });
  });

  it('an ended invitation stays ended, whatever the order of the writes', () => {
    const ended = { inv_1: { ...pending, status: 'Withdrawn' } };
    expect(documentsAfter(invitations, [withdrawn, invited])).toEqual(ended);
    expect(documentsAfter(invitations, [invited, withdrawn, invited])).toEqual(ended);
  });
});
