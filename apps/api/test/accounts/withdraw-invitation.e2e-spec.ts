import { accountStream } from '@keytrail/domain';
import { startTestApp, type SignedUp, type TestApp } from '../harness/app.js';
import { expiredInvitation, invite, join, someAddress } from '../harness/people.js';

let app: TestApp;
let ada: SignedUp;
beforeAll(async () => {
  app = await startTestApp();
  ada = await app.signUp('Ada');
});
afterAll(() => app.stop());

const withdraw = (id: string, cookie = ada.cookie) =>
  app.http.delete(`/v1/invitations/${id}`).set('cookie', cookie);

describe('DELETE /v1/invitations/{id}', () => {
  it('200: its link is of no use; the repeat answers the same and records nothing', async () => {
    const email = someAddress();
    const { invitationId, token } = await invite(app, ada, email);
    const answer = { success: true, invitationId };
    await withdraw(invitationId).expect(200, answer);
    await withdraw(invitationId).expect(200, answer);
    await app.http.post('/v1/invitations/lookup').send({ token }).expect(404);
    const events = await app.log.readStream(accountStream(ada.accountId));
    const withdrawn = events.filter(({ type }) => type === 'InvitationWithdrawn');
    expect(withdrawn).toMatchObject([
      { data: { invitationId, email }, context: { actor: { id: ada.userId } } },
    ]);
  });

  it('200: also after its expiry', async () => {
    const { invitationId } = await expiredInvitation(app, ada, someAddress());
    await withdraw(invitationId).expect(200, { success: true, invitationId });
  });

  it('401: nobody is signed in', async () => {
    const { invitationId } = await invite(app, ada, someAddress());
    const answer = await app.http.delete(`/v1/invitations/${invitationId}`).expect(401);
    expect(answer.body).toMatchObject({ code: 'missing_credentials' });
  });

  it('403: reviewers and bearer keys cannot withdraw', async () => {
    const ben = await app.signUp('Ben');
    await join(app, ada, ben, 'reviewer');
    const { invitationId } = await invite(app, ada, someAddress());
    const reviewer = await withdraw(invitationId, ben.cookie).expect(403);
    expect(reviewer.body).toMatchObject({ code: 'insufficient_role' });
    const { apiKey } = await app.createKey(ada.cookie);
    const key = await app.http
      .delete(`/v1/invitations/${invitationId}`)
      .set('authorization', `Bearer ${apiKey}`)
      .expect(403);
    expect(key.body).toMatchObject({ code: 'session_required' });
  });

  it('404: unknown, or of another account, which stays as it is', async () => {
    const cyd = await app.signUp('Cyd');
    const { invitationId, token } = await invite(app, ada, someAddress());
    for (const [id, cookie] of [
      ['inv_0000000000000000000000', ada.cookie],
      [invitationId, cyd.cookie],
    ] as const) {
      const answer = await withdraw(id, cookie).expect(404);
      expect(answer.body).toMatchObject({ code: 'not_found' });
    }
    await app.http.post('/v1/invitations/lookup').send({ token }).expect(200);
  });

  it('409: the person has joined by it', async () => {
    const { invitationId } = await join(app, ada, await app.signUp('Dan'));
    const answer = await withdraw(invitationId).expect(409);
    expect(answer.body).toMatchObject({ code: 'invitation_accepted' });
  });
});
