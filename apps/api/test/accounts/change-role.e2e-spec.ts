import { startTestApp, type SignedUp, type TestApp } from '../harness/app.js';
import { join } from '../harness/people.js';

let app: TestApp;
let ada: SignedUp;
let ben: SignedUp;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(async () => {
  [ada, ben] = [await app.signUp('Ada'), await app.signUp('Ben')];
  await join(app, ada, ben, 'reviewer');
});
afterAll(() => app.stop());

const change = (userId: string, body: object, cookie = ada.cookie) =>
  app.http.patch(`/v1/members/${userId}`).set('cookie', cookie).send(body);

describe('PATCH /v1/members/{userId}', () => {
  it('200: a reviewer who is made an owner can do what owners can, at once', async () => {
    const changed = await change(ben.userId, { role: 'owner' }).expect(200);
    expect(changed.body).toMatchObject({
      userId: ben.userId,
      email: ben.email,
      name: 'Ben',
      role: 'owner',
    });
    await app.createKey(ben.cookie);
    await change(ada.userId, { role: 'reviewer' }, ben.cookie).expect(200);
    const answer = await app.http
      .post('/v1/api-keys')
      .set('cookie', ada.cookie)
      .send({ name: 'Production Key' })
      .expect(403);
    expect(answer.body).toMatchObject({ code: 'insufficient_role' });
  });

  it.each([[{}], [{ role: 'admin' }], [{ role: 'owner', name: 'Ben' }]])(
    '400: %j',
    async (body) => {
      const answer = await change(ben.userId, body).expect(400);
      expect(answer.body).toMatchObject({ code: 'invalid_request' });
    },
  );

  it('401: nobody is signed in', async () => {
    const request = app.http.patch(`/v1/members/${ben.userId}`).send({ role: 'owner' });
    expect((await request.expect(401)).body).toMatchObject({ code: 'missing_credentials' });
  });

  it('403: reviewers and bearer keys change no role', async () => {
    const reviewer = await change(ben.userId, { role: 'owner' }, ben.cookie).expect(403);
    expect(reviewer.body).toMatchObject({ code: 'insufficient_role' });
    const { apiKey } = await app.createKey(ada.cookie);
    const key = await app.http
      .patch(`/v1/members/${ben.userId}`)
      .set('authorization', `Bearer ${apiKey}`)
      .send({ role: 'owner' })
      .expect(403);
    expect(key.body).toMatchObject({ code: 'session_required' });
  });

  it('404: unknown, or a member of another account only', async () => {
    const cyd = await app.signUp('Cyd');
    for (const [userId, cookie] of [
      ['nobody', ada.cookie],
      [cyd.userId, ada.cookie],
      [ben.userId, cyd.cookie],
    ] as const) {
      const answer = await change(userId, { role: 'owner' }, cookie).expect(404);
      expect(answer.body).toMatchObject({ code: 'not_found' });
    }
  });

  it('409: the last owner remains one', async () => {
    const answer = await change(ada.userId, { role: 'reviewer' }).expect(409);
    expect(answer.body).toMatchObject({ code: 'last_owner' });
    await app.createKey(ada.cookie);
  });
});
