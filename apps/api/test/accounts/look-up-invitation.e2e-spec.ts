import { startTestApp, type SignedUp, type TestApp } from '../harness/app.js';
import { expiredInvitation, invite, join, someAddress } from '../harness/people.js';

let app: TestApp;
let ada: SignedUp;
beforeAll(async () => {
  app = await startTestApp();
  ada = await app.signUp('Ada');
});
afterAll(() => app.stop());

const lookUp = (token: unknown) => app.http.post('/v1/invitations/lookup').send({ token });

describe('POST /v1/invitations/lookup', () => {
  it('200: what the invitation is to, for whoever has the link', async () => {
    const email = someAddress();
    const { token } = await invite(app, ada, email, 'owner');
    await lookUp(token).expect(200, { accountName: 'Ada', email, role: 'owner' });
  });

  it.each([[undefined], [7], ['x'.repeat(201)]])('400: the token is %j', async (token) => {
    const answer = await lookUp(token).expect(400);
    expect(answer.body).toMatchObject({ code: 'invalid_request', errors: [{ field: 'token' }] });
  });

  it('404: unknown, withdrawn or used', async () => {
    const withdrawn = await invite(app, ada, someAddress());
    await app.http
      .delete(`/v1/invitations/${withdrawn.invitationId}`)
      .set('cookie', ada.cookie)
      .expect(200);
    const used = await join(app, ada, await app.signUp('Ben'));
    for (const token of ['inv_unknown', withdrawn.invitationId, withdrawn.token, used.token]) {
      const answer = await lookUp(token).expect(404);
      expect(answer.body).toMatchObject({ code: 'not_found' });
    }
  });

  it('410: expired', async () => {
    const { token } = await expiredInvitation(app, ada, someAddress());
    const answer = await lookUp(token).expect(410);
    expect(answer.body).toMatchObject({ code: 'invitation_expired' });
  });
});
