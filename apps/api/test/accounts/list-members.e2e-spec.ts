import { startTestApp, type TestApp } from '../harness/app.js';
import { expiredInvitation, invite, join, someAddress } from '../harness/people.js';
import type { MemberList } from '../../src/accounts/list-members/list-members.dto.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const list = () => app.http.get('/v1/members');

describe('GET /v1/members', () => {
  it('200: the members and the invitations that can be accepted, for owner, reviewer and key', async () => {
    const [ada, ben] = [await app.signUp('Ada'), await app.signUp('Ben')];
    const email = someAddress();
    await join(app, ada, ben, 'reviewer');
    await expiredInvitation(app, ada, someAddress());
    const { invitationId } = await invite(app, ada, email, 'owner');
    const { apiKey } = await app.createKey(ada.cookie);

    const owner = await list().set('cookie', ada.cookie).expect(200);
    const { members, invitations } = owner.body as MemberList;
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
    expect(members).toEqual([
      { userId: ada.userId, email: ada.email, name: 'Ada', role: 'owner', joinedAt: time },
      { userId: ben.userId, email: ben.email, name: 'Ben', role: 'reviewer', joinedAt: time },
    ]);
    expect(invitations).toEqual([
      {
        ...{ id: invitationId, email, role: 'owner' },
        ...{ invitedAt: time, invitedBy: ada.email, expiresAt: time },
      },
    ]);
    await list().set('cookie', ben.cookie).expect(200, owner.body);
    await list().set('authorization', `Bearer ${apiKey}`).expect(200, owner.body);
  });

  it('200: nothing of another account', async () => {
    const [ada, cyd] = [await app.signUp('Ada'), await app.signUp('Cyd')];
    await invite(app, ada, someAddress());
    const answer = await list().set('cookie', cyd.cookie).expect(200);
    expect(answer.body).toMatchObject({ members: [{ userId: cyd.userId }], invitations: [] });
  });

  it('401: nobody is signed in', async () => {
    const answer = await list().expect(401);
    expect(answer.body).toMatchObject({ code: 'missing_credentials' });
  });

  it('401: an account that the person is not in', async () => {
    const [ada, cyd] = [await app.signUp('Ada'), await app.signUp('Cyd')];
    const request = list().set('cookie', cyd.cookie).set('keytrail-account', ada.accountId);
    expect((await request.expect(401)).body).toMatchObject({ code: 'wrong_account' });
  });

  it('403: the person is in no account any more', async () => {
    const [ada, ben] = [await app.signUp('Ada'), await app.signUp('Ben')];
    await join(app, ada, ben, 'owner');
    await app.http.delete(`/v1/members/${ada.userId}`).set('cookie', ada.cookie).expect(200);
    const answer = await list().set('cookie', ada.cookie).expect(403);
    expect(answer.body).toMatchObject({ code: 'no_account' });
  });
});
