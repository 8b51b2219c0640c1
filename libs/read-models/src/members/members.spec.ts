import {
  documentsAfter,
  memberJoined,
  memberRemoved,
  memberRenamed,
  memberRoleChanged,
  recorded,
} from '@keytrail/testing';
import { members } from './members.projection.js';

const joined = recorded(memberJoined(), { commit: 10n, at: '2026-03-01T10:00:00.000Z' });
const promoted = recorded(memberRoleChanged(), { commit: 20n });
const removed = recorded(memberRemoved(), { commit: 30n });
const back = recorded(memberJoined({ role: 'owner' }), {
  commit: 40n,
  at: '2026-04-01T10:00:00.000Z',
});

const ben = {
  accountId: 'acc_1',
  userId: 'usr_ben',
  email: 'ben@example.com',
  name: 'Ben',
  role: 'reviewer',
  joinedAt: new Date('2026-03-01T10:00:00.000Z'),
  status: 'Joined',
  position: '00000000000000000010',
};
const only = (document: object) => ({ 'acc_1:usr_ben': document });

describe('members', () => {
  it('given nothing, when a person joins, then they are a member', () => {
    expect(documentsAfter(members, [joined])).toEqual(only(ben));
  });

  it('given a member, when the role changes, then it is the new one', () => {
    expect(documentsAfter(members, [joined, promoted])).toEqual(
      only({ ...ben, role: 'owner', position: '00000000000000000020' }),
    );
  });

  it('given a member, when the name changes, then it is the new one', () => {
    const renamed = recorded(memberRenamed(), { commit: 25n });
    expect(documentsAfter(members, [joined, renamed])).toEqual(
      only({ ...ben, name: 'Benjamin', position: '00000000000000000025' }),
    );
  });

  it('given a member, when removed, then they are one no longer', () => {
    expect(documentsAfter(members, [joined, removed])).toEqual(
      only({ ...ben, status: 'Removed', position: '00000000000000000030' }),
    );
  });

  it('given a former member, when they join again, then with the new role', () => {
    expect(documentsAfter(members, [joined, removed, back])).toEqual(
      only({
        ...ben,
        role: 'owner',
        joinedAt: new Date('2026-04-01T10:00:00.000Z'),
        position: '00000000000000000040',
      }),
    );
  });

  it('an older event written again changes nothing', () => {
    const events = [joined, promoted, removed, back];
    expect(documentsAfter(members, [...events, ...events])).toEqual(
      documentsAfter(members, events),
    );
  });

  it('a change of role without the member makes no member', () => {
    expect(documentsAfter(members, [promoted])).toEqual({});
  });
});
