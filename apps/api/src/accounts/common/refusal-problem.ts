import { accountLimits, type AccountRefusal } from '@keytrail/domain';
import type { ProblemCode } from '../../http/problem-codes.js';
import { Problem } from '../../http/problem.js';

type Refusal = Readonly<{
  status: number;
  code: ProblemCode;
  detail: string;
  headers?: Readonly<Record<string, string>>;
}>;

const { members, openInvitations, invitationsPerDay } = accountLimits;

const notFound = (detail: string): Refusal => ({ status: 404, code: 'not_found', detail });

const refusals: Readonly<Record<AccountRefusal, Refusal>> = {
  account_not_found: notFound('There is no such account.'),
  insufficient_role: {
    status: 403,
    code: 'insufficient_role',
    detail: 'Only an owner of the account can do this.',
  },
  already_member: {
    status: 409,
    code: 'already_member',
    detail: 'A member of the account has this address already.',
  },
  too_many_members: {
    status: 409,
    code: 'too_many_members',
    detail: `The account has ${members} members, which is the most; somebody has to leave it before another one can join.`,
  },
  too_many_invitations: {
    status: 409,
    code: 'too_many_invitations',
    detail: `The account has ${openInvitations} open invitations, which is the most; withdraw some, or wait until they are accepted or expire.`,
  },
  invited_too_often: {
    status: 429,
    code: 'rate_limited',
    detail: `An account can invite ${invitationsPerDay} times within 24 hours; wait, and try again later. The invitations that were made stay good.`,
    headers: { 'retry-after': '3600' },
  },
  invitation_not_found: notFound(
    'There is no such invitation, or it was withdrawn or used; ask for a new one.',
  ),
  invitation_accepted: {
    status: 409,
    code: 'invitation_accepted',
    detail: 'The person has joined by this invitation; remove the member instead.',
  },
  invitation_expired: {
    status: 410,
    code: 'invitation_expired',
    detail: 'This invitation has expired; ask an owner of the account for a new one.',
  },
  invitation_for_another: {
    status: 403,
    code: 'invitation_for_another',
    detail: 'This invitation is for another address; sign in with the address that was invited.',
  },
  member_not_found: notFound('There is no member with this id.'),
  last_owner: {
    status: 409,
    code: 'last_owner',
    detail: 'At least one owner must remain; make somebody else an owner first.',
  },
};

/** What a caller is told when a command on an account was refused. */
export const refusalProblem = (code: AccountRefusal): Problem => new Problem(refusals[code]);

export const refusalProblems = (...codes: readonly AccountRefusal[]): Problem[] =>
  codes.map(refusalProblem);
