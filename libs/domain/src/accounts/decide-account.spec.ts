import type { AccountCommand } from './account-commands.js';
import type { AccountEvent, Role } from './account-events.js';
import { foldAccount, initialAccountState } from './account-state.js';
import type { AccountState } from './account-state.js';
import { decideAccount as decide } from './decide-account.js';
import type { AccountRefusal } from './decision.js';

const accountId = 'acc_1';
const ada = { userId: 'user_ada', email: 'ada@example.com', name: 'Ada' };
const ben = { userId: 'user_ben', email: 'ben@example.com', name: 'Ben' };
const cyd = { userId: 'user_cyd', email: 'cyd@example.com', name: 'Cyd' };
const expiresAt = '2026-01-08T00:00:00.000Z';
const inTime = '2026-01-07T23:59:59.999Z';

const invitation = (id: string, role: Role = 'reviewer', { email } = ben) => ({
  ...{ accountId, invitationId: id, email, role, tokenHash: id.repeat(8), expiresAt },
});
const opened: AccountEvent[] = [
  { type: 'AccountOpened', data: { accountId, name: 'Ada' } },
  { type: 'MemberJoined', data: { accountId, ...ada, role: 'owner', invitationId: null } },
];
const invited = (...args: Parameters<typeof invitation>): AccountEvent => ({
  type: 'MemberInvited',
  data: invitation(...args),
});
const withdrawn = (invitationId: string, { email } = ben): AccountEvent => ({
  type: 'InvitationWithdrawn',
  data: { accountId, invitationId, email },
});
const joined = (person: typeof ben, role: Role, invitationId: string | null): AccountEvent => ({
  type: 'MemberJoined',
  data: { accountId, ...person, role, invitationId },
});
const roleChanged = ({ userId, email }: typeof ben, role: Role): AccountEvent => ({
  type: 'MemberRoleChanged',
  data: { accountId, userId, email, role },
});
const removed = ({ userId, email }: typeof ben): AccountEvent => ({
  type: 'MemberRemoved',
  data: { accountId, userId, email },
});
/** As it was written before these events told the address. */
const withoutAddress = ({ type, data }: AccountEvent): AccountEvent =>
  ({
    type,
    data: Object.fromEntries(Object.entries(data).filter(([name]) => name !== 'email')),
  }) as AccountEvent;

const open: AccountCommand = { type: 'OpenAccount', data: { accountId, name: 'Ada', owner: ada } };
const by = ada.userId;
const invite = (...args: Parameters<typeof invitation>): AccountCommand => ({
  type: 'InviteMember',
  by,
  now: inTime,
  data: invitation(...args),
});
const withdraw = (invitationId: string): AccountCommand => ({
  type: 'WithdrawInvitation',
  by,
  data: { accountId, invitationId },
});
const join = (invitationId: string, person = ben, now = inTime): AccountCommand => ({
  type: 'AcceptInvitation',
  now,
  data: { accountId, invitationId, ...person },
});
const changeRole = ({ userId }: typeof ben, role: Role): AccountCommand => ({
  type: 'ChangeMemberRole',
  by,
  data: { accountId, userId, role },
});
const remove = ({ userId }: typeof ben): AccountCommand => ({
  type: 'RemoveMember',
  by,
  data: { accountId, userId },
});

const joinedAt = '2026-01-01T00:00:00.000Z';
const given = (...events: AccountEvent[]): AccountState =>
  foldAccount(
    initialAccountState,
    events.map((event) => ({ ...event, context: { occurredAt: joinedAt } })),
  );
const events = (...expected: AccountEvent[]) => ({ ok: true, events: expected });
const refusal = (code: AccountRefusal) => ({ ok: false, code });

const withBen = (role: Role): AccountEvent[] => [
  ...opened,
  invited('inv_1', role),
  joined(ben, role, 'inv_1'),
];
const ownerCommands: [string, AccountCommand & { readonly by: string | null }][] = [
  invite('inv_2', 'reviewer', cyd),
  withdraw('inv_1'),
  changeRole(ben, 'owner'),
  remove(ben),
].flatMap((command) => ('by' in command ? [[command.type, command]] : []));

describe('opening an account', () => {
  it('makes the person its owner', () => {
    expect(decide(open, given())).toEqual(events(...opened));
  });

  it('changes nothing when it is open already', () => {
    expect(decide(open, given(...opened))).toEqual(events());
  });

  it('does not bring back an owner who was removed', () => {
    expect(decide(open, given(...withBen('owner'), removed(ada)))).toEqual(events());
  });
});

describe('older events, which do not tell the address', () => {
  it('leave the same state', () => {
    for (const event of [withdrawn('inv_2'), roleChanged(ben, 'owner'), removed(ben)]) {
      const history = [...withBen('reviewer'), invited('inv_2', 'owner', cyd)];
      expect(given(...history, withoutAddress(event))).toEqual(given(...history, event));
    }
  });
});

describe('an account that does not exist', () => {
  it.each([...ownerCommands, ['AcceptInvitation', join('inv_1')] as const])(
    'refuses %s',
    (_, command) => {
      expect(decide(command, given())).toEqual(refusal('account_not_found'));
    },
  );
});

describe('what only owners may do', () => {
  it.each(ownerCommands)('%s is refused to a reviewer', (_, command) => {
    const asked = { ...command, by: cyd.userId } as AccountCommand;
    const state = given(...withBen('reviewer'), joined(cyd, 'reviewer', null));
    expect(decide(asked, state)).toEqual(refusal('insufficient_role'));
  });

  it.each(ownerCommands)('%s is refused to an owner who was removed', (_, command) => {
    const state = given(...withBen('owner'), removed(ada));
    expect(decide(command, state)).toEqual(refusal('insufficient_role'));
  });

  it.each(ownerCommands)('%s is refused to an owner who is a reviewer now', (_, command) => {
    const state = given(...withBen('owner'), roleChanged(ada, 'reviewer'));
    expect(decide(command, state)).toEqual(refusal('insufficient_role'));
  });
});

describe('what an account may pile up', () => {
  const people = (count: number, from = 0) =>
    Array.from({ length: count }, (_, index) => {
      const name = `person-${from + index}`;
      return { userId: name, email: `${name}@example.com`, name };
    });
  const invitedAll = (count: number, from = 0): AccountEvent[] =>
    people(count, from).map((person) => invited(`inv_${person.name}`, 'reviewer', person));
  const aDayBefore = '2025-12-31T12:00:00.000Z';
  const soon = '2026-01-01T12:00:00.000Z';
  const at = (now: string, command: AccountCommand) => ({ ...command, now }) as AccountCommand;
  const fold = (state: AccountState, occurredAt: string, ...news: AccountEvent[]) =>
    foldAccount(
      state,
      news.map((event) => ({ ...event, context: { occurredAt } })),
    );

  it('is 200 open invitations: one more is refused until one has ended', () => {
    const full = given(...opened, ...invitedAll(200));
    expect(decide(invite('inv_x'), full)).toEqual(refusal('too_many_invitations'));
    const [first = ben] = people(1);
    const ended = fold(full, joinedAt, withdrawn('inv_person-0', first));
    expect(decide(invite('inv_x'), ended)).toEqual(events(invited('inv_x')));
    expect(decide(at(expiresAt, invite('inv_x')), full)).toEqual(events(invited('inv_x')));
  });

  it('lets an open invitation be replaced also when there are 200', () => {
    const full = given(...opened, ...invitedAll(199), invited('inv_1'));
    const replaced = events(withdrawn('inv_1'), invited('inv_x'));
    expect(decide(invite('inv_x'), full)).toEqual(replaced);
  });

  it('is 500 invitations a day, whatever has become of them', () => {
    const again = Array.from({ length: 500 }, (_, index) => [
      invited(`inv_${index}`),
      withdrawn(`inv_${index}`),
    ]).flat();
    const often = fold(given(...opened), joinedAt, ...again);
    expect(decide(at(soon, invite('inv_x')), often)).toEqual(refusal('invited_too_often'));
    const earlier = fold(given(...opened), aDayBefore, ...again);
    expect(decide(at(soon, invite('inv_x')), earlier)).toEqual(events(invited('inv_x')));
  });

  it('is 1,000 members: nobody else can be invited or join, and the invitation stays good', () => {
    const others = people(998).map((person) => joined(person, 'reviewer', null));
    const almost = given(...opened, ...others, invited('inv_1'), invited('inv_2', 'owner', cyd));
    const full = fold(almost, joinedAt, joined(cyd, 'owner', 'inv_2'));
    expect(decide(invite('inv_x'), full)).toEqual(refusal('too_many_members'));
    expect(decide(join('inv_1'), full)).toEqual(refusal('too_many_members'));
    const left = fold(full, joinedAt, removed(cyd));
    expect(decide(join('inv_1'), left)).toEqual(events(joined(ben, 'reviewer', 'inv_1')));
  });
});

describe('inviting', () => {
  it('is recorded', () => {
    expect(decide(invite('inv_1'), given(...opened))).toEqual(events(invited('inv_1')));
  });

  it('is refused for a member', () => {
    const state = given(...withBen('reviewer'));
    expect(decide(invite('inv_2'), state)).toEqual(refusal('already_member'));
  });

  it('withdraws the invitation that the address had, expired or not', () => {
    const state = given(...opened, invited('inv_1'), invited('inv_x', 'reviewer', cyd));
    expect(decide(invite('inv_2', 'owner'), state)).toEqual(
      events(withdrawn('inv_1'), invited('inv_2', 'owner')),
    );
  });

  it('leaves invitations alone that have ended', () => {
    const state = given(...withBen('reviewer'), removed(ben), invited('inv_2'), withdrawn('inv_2'));
    expect(decide(invite('inv_3'), state)).toEqual(events(invited('inv_3')));
  });
});

describe('withdrawing an invitation', () => {
  it('is recorded', () => {
    const state = given(...opened, invited('inv_1'));
    expect(decide(withdraw('inv_1'), state)).toEqual(events(withdrawn('inv_1')));
  });

  it('changes nothing when it is withdrawn already', () => {
    const state = given(...opened, invited('inv_1'), withdrawn('inv_1'));
    expect(decide(withdraw('inv_1'), state)).toEqual(events());
  });

  it('is refused once the person has joined by it', () => {
    const state = given(...withBen('reviewer'));
    expect(decide(withdraw('inv_1'), state)).toEqual(refusal('invitation_accepted'));
  });

  it('is refused when there is no such invitation', () => {
    expect(decide(withdraw('inv_1'), given(...opened))).toEqual(refusal('invitation_not_found'));
  });
});

describe('accepting an invitation', () => {
  const state = given(...opened, invited('inv_1'));

  it('makes the person a member with the role of the invitation', () => {
    expect(decide(join('inv_1'), state)).toEqual(events(joined(ben, 'reviewer', 'inv_1')));
  });

  it('is refused to a person with another address', () => {
    expect(decide(join('inv_1', cyd), state)).toEqual(refusal('invitation_for_another'));
  });

  it('is refused from the moment of its expiry', () => {
    const late = join('inv_1', ben, expiresAt);
    expect(decide(late, state)).toEqual(refusal('invitation_expired'));
  });

  it('is refused when there is no such invitation', () => {
    expect(decide(join('inv_2'), state)).toEqual(refusal('invitation_not_found'));
  });

  it('is refused when it was withdrawn', () => {
    const then = given(...opened, invited('inv_1'), withdrawn('inv_1'));
    expect(decide(join('inv_1'), then)).toEqual(refusal('invitation_not_found'));
  });

  it('changes nothing the second time, also after its expiry', () => {
    const again = join('inv_1', ben, '2027-01-01T00:00:00.000Z');
    expect(decide(again, given(...withBen('reviewer')))).toEqual(events());
  });

  it('is refused to anybody else once it was used', () => {
    const then = given(...withBen('reviewer'));
    expect(decide(join('inv_1', cyd), then)).toEqual(refusal('invitation_not_found'));
  });

  it('does not bring back a member who was removed', () => {
    const then = given(...withBen('reviewer'), removed(ben));
    expect(decide(join('inv_1'), then)).toEqual(refusal('invitation_not_found'));
  });

  it('does not change the role of somebody who is a member already', () => {
    const then = given(...opened, invited('inv_1'), joined(ben, 'owner', null));
    expect(decide(join('inv_1'), then)).toEqual(events());
  });
});

describe('changing a role', () => {
  it.each([
    ['reviewer', 'owner'],
    ['owner', 'reviewer'],
  ] as const)('from %s to %s is recorded', (from, to) => {
    expect(decide(changeRole(ben, to), given(...withBen(from)))).toEqual(
      events(roleChanged(ben, to)),
    );
  });

  it('to the same role changes nothing, for the last owner too', () => {
    const state = given(...withBen('reviewer'));
    expect(decide(changeRole(ben, 'reviewer'), state)).toEqual(events());
    expect(decide(changeRole(ada, 'owner'), state)).toEqual(events());
  });

  it('is refused for the last owner', () => {
    const state = given(...withBen('reviewer'));
    expect(decide(changeRole(ada, 'reviewer'), state)).toEqual(refusal('last_owner'));
  });

  it('of oneself is recorded while another owner remains', () => {
    const state = given(...withBen('owner'));
    expect(decide(changeRole(ada, 'reviewer'), state)).toEqual(
      events(roleChanged(ada, 'reviewer')),
    );
  });

  it.each([
    ['never was', opened],
    ['is no longer', [...withBen('owner'), removed(ben)]],
  ])('is refused for somebody who %s a member', (_, history) => {
    const state = given(...history);
    expect(decide(changeRole(ben, 'owner'), state)).toEqual(refusal('member_not_found'));
  });
});

describe('another name of a member', () => {
  const rename = (name: string): AccountCommand => ({
    type: 'RenameMember',
    data: { accountId, userId: ben.userId, name },
  });
  const renamed = (name: string): AccountEvent => ({
    type: 'MemberRenamed',
    data: { accountId, userId: ben.userId, email: ben.email, name },
  });

  it('is recorded once', () => {
    const state = given(...withBen('reviewer'));
    expect(decide(rename('Benjamin'), state)).toEqual(events(renamed('Benjamin')));
    const after = given(...withBen('reviewer'), renamed('Benjamin'));
    expect(decide(rename('Benjamin'), after)).toEqual(events());
    expect(decide(rename('Ben'), after)).toEqual(events(renamed('Ben')));
  });

  it('is refused for somebody who is no member', () => {
    expect(decide(rename('Benjamin'), given(...opened))).toEqual(refusal('member_not_found'));
  });
});

describe('removing a member', () => {
  it.each(['owner', 'reviewer'] as const)('who is %s is recorded', (role) => {
    expect(decide(remove(ben), given(...withBen(role)))).toEqual(events(removed(ben)));
  });

  it('is refused for the last owner', () => {
    expect(decide(remove(ada), given(...withBen('reviewer')))).toEqual(refusal('last_owner'));
  });

  it('oneself is recorded for a reviewer, too', () => {
    const leave = { ...remove(ben), by: ben.userId } as AccountCommand;
    expect(decide(leave, given(...withBen('reviewer')))).toEqual(events(removed(ben)));
    expect(decide(leave, given(...opened))).toEqual(refusal('member_not_found'));
  });

  it('oneself is recorded while another owner remains', () => {
    expect(decide(remove(ada), given(...withBen('owner')))).toEqual(events(removed(ada)));
  });

  it('is refused for the last owner when the other one was removed or is a reviewer now', () => {
    const demoted = given(...withBen('owner'), roleChanged(ben, 'reviewer'));
    expect(decide(remove(ada), demoted)).toEqual(refusal('last_owner'));
    const alone = given(...withBen('owner'), removed(ben));
    expect(decide(remove(ada), alone)).toEqual(refusal('last_owner'));
  });

  it.each([
    ['never was', opened],
    ['is no longer', [...withBen('owner'), removed(ben)]],
  ])('is refused for somebody who %s a member', (_, history) => {
    expect(decide(remove(ben), given(...history))).toEqual(refusal('member_not_found'));
  });
});
