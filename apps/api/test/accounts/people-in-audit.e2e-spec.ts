import { startTestApp, type TestApp } from '../harness/app.js';
import { invite, join, someAddress } from '../harness/people.js';

interface Entry {
  readonly type: string;
  readonly actor: { readonly id: string };
  readonly details: Readonly<Record<string, unknown>>;
}

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

it('the audit trail tells of invitations, joinings, roles and removals, with who did it', async () => {
  const [ada, ben] = [await app.signUp('Ada'), await app.signUp('Ben')];
  const email = someAddress();
  const { invitationId } = await invite(app, ada, email);
  await app.http.delete(`/v1/invitations/${invitationId}`).set('cookie', ada.cookie).expect(200);
  const { invitationId: used } = await join(app, ada, ben, 'reviewer');
  const member = `/v1/members/${ben.userId}`;
  await app.http.patch(member).set('cookie', ada.cookie).send({ role: 'owner' }).expect(200);
  await app.http.delete(member).set('cookie', ada.cookie).expect(200);

  const audit = await app.http.get('/v1/audit').set('cookie', ada.cookie).expect(200);
  const { entries } = audit.body as { entries: Entry[] };
  const told = entries.map(({ type, actor, details }) => ({ type, by: actor.id, details }));
  const by = ada.userId;
  const expiresAt = expect.any(String) as string;
  const { userId } = ben;
  expect(told).toEqual([
    { type: 'AccountOpened', by, details: { name: 'Ada' } },
    {
      ...{ type: 'MemberJoined', by },
      details: { userId: by, email: ada.email, name: 'Ada', role: 'owner', invitationId: null },
    },
    {
      ...{ type: 'MemberInvited', by },
      details: { invitationId, email, role: 'reviewer', expiresAt },
    },
    { type: 'InvitationWithdrawn', by, details: { invitationId, email } },
    {
      ...{ type: 'MemberInvited', by },
      details: { invitationId: used, email: ben.email, role: 'reviewer', expiresAt },
    },
    {
      ...{ type: 'MemberJoined', by: userId },
      details: { userId, email: ben.email, name: 'Ben', role: 'reviewer', invitationId: used },
    },
    { type: 'MemberRoleChanged', by, details: { userId, email: ben.email, role: 'owner' } },
    { type: 'MemberRemoved', by, details: { userId, email: ben.email } },
  ]);
  const bens = await app.http.get('/v1/audit').set('cookie', ben.cookie).expect(200);
  expect(JSON.stringify(bens.body)).not.toContain(email);
});
