import { accountStream } from '@keytrail/domain';
import { startTestApp, type SignedUp, type TestApp } from '../harness/app.js';
import { expiredInvitation, invite, join } from '../harness/people.js';

let app: TestApp;
let ada: SignedUp;
let ben: SignedUp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(async () => {
  [ada, ben] = [await app.signUp('Ada'), await app.signUp('Ben')];
});
afterAll(() => app.stop());

const accept = (token: unknown, { cookie } = ben) =>
  app.http.post('/v1/invitations/accept').set('cookie', cookie).send({ token });

describe('POST /v1/invitations/accept', () => {
  it('200: the person is in the account, which is their current one from then on', async () => {
    const { token, invitationId } = await invite(app, ada, ben.email, 'reviewer');
    const joined = { accountId: ada.accountId, role: 'reviewer' };
    await accept(token).expect(200, joined);
    const me = await app.http.get('/v1/me').set('cookie', ben.cookie).expect(200);
    expect(me.body).toMatchObject({ account: { id: ada.accountId }, user: { role: 'reviewer' } });
    const own = app.http.get('/v1/me').set('cookie', ben.cookie);
    const named = await own.set('keytrail-account', ben.accountId).expect(200);
    expect(named.body).toMatchObject({ account: { id: ben.accountId }, user: { role: 'owner' } });

    // Again: harmless.
    await accept(token).expect(200, joined);
    const events = await app.log.readStream(accountStream(ada.accountId));
    expect(events.filter(({ type }) => type === 'MemberJoined')).toMatchObject([
      { data: { userId: ada.userId } },
      { data: { userId: ben.userId, invitationId }, context: { actor: { id: ben.userId } } },
    ]);
  });

  it('200: brings back a person who was in no account any more', async () => {
    await join(app, ada, ben, 'owner');
    await app.http.delete(`/v1/members/${ada.userId}`).set('cookie', ada.cookie).expect(200);
    const { token } = await invite(app, { ...ben, accountId: ada.accountId }, ada.email, 'owner');
    await accept(token, ada).expect(200, { accountId: ada.accountId, role: 'owner' });
    await app.http.get('/v1/me').set('cookie', ada.cookie).expect(200);
  });

  it('400: no token', async () => {
    const answer = await accept(undefined).expect(400);
    expect(answer.body).toMatchObject({ errors: [{ field: 'token' }] });
  });

  it('401: nobody is signed in', async () => {
    const { token } = await invite(app, ada, ben.email);
    const answer = await app.http.post('/v1/invitations/accept').send({ token }).expect(401);
    expect(answer.body).toMatchObject({ code: 'missing_credentials' });
  });

  it('403: the person has another address than the one invited', async () => {
    const { token } = await invite(app, ada, ben.email);
    const answer = await accept(token, await app.signUp('Cyd')).expect(403);
    expect(answer.body).toMatchObject({ code: 'invitation_for_another' });
    await accept(token).expect(200);
  });

  it('403: a bearer key joins nothing', async () => {
    const { token } = await invite(app, ada, ben.email);
    const { apiKey } = await app.createKey(ben.cookie);
    const request = app.http.post('/v1/invitations/accept');
    const answer = await request
      .set('authorization', `Bearer ${apiKey}`)
      .send({ token })
      .expect(403);
    expect(answer.body).toMatchObject({ code: 'session_required' });
  });

  it('403: a page of another site accepts nothing', async () => {
    const { token } = await invite(app, ada, ben.email);
    const answer = await accept(token).set('origin', 'https://evil.example').expect(403);
    expect(answer.body).toMatchObject({ code: 'foreign_origin' });
  });

  it('404: unknown, withdrawn, or used by a member who was removed', async () => {
    const { invitationId, token } = await invite(app, ada, ben.email);
    await app.http.delete(`/v1/invitations/${invitationId}`).set('cookie', ada.cookie).expect(200);
    const used = await join(app, ada, ben);
    await app.http.delete(`/v1/members/${ben.userId}`).set('cookie', ada.cookie).expect(200);
    for (const given of ['inv_unknown', token, used.token]) {
      const answer = await accept(given).expect(404);
      expect(answer.body).toMatchObject({ code: 'not_found' });
    }
  });

  it('410: expired', async () => {
    const { token } = await expiredInvitation(app, ada, ben.email);
    const answer = await accept(token).expect(410);
    expect(answer.body).toMatchObject({ code: 'invitation_expired' });
  });
});
