import { startTestApp, type TestApp } from '../harness/app.js';
import { join } from '../harness/people.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const ask = () => app.http.get('/v1/session');

describe('GET /v1/session', () => {
  it('200: nobody is signed in', async () => {
    await ask().expect(200, { session: null, keyPrefixWord: 'axk' });
  });

  it('200: the person, in the account they were last in or in the one that is named', async () => {
    const [ada, ben] = [await app.signUp('Ada'), await app.signUp('Ben')];
    await join(app, ada, ben, 'reviewer');
    const accounts = [
      { id: ben.accountId, name: 'Ben', role: 'owner' },
      { id: ada.accountId, name: 'Ada', role: 'reviewer' },
    ];
    const named = await ask()
      .set('cookie', ben.cookie)
      .set('keytrail-account', ben.accountId)
      .expect(200);
    expect(named.body).toEqual({
      session: {
        account: { id: ben.accountId, name: 'Ben' },
        user: { id: ben.userId, email: ben.email, role: 'owner' },
        accounts,
      },
      keyPrefixWord: 'axk',
    });
    const last = await ask().set('cookie', ben.cookie).expect(200);
    expect(last.body).toMatchObject({ session: { account: { id: ada.accountId }, accounts } });
  });

  it('200: nobody, once they have signed out', async () => {
    const { cookie } = await app.signUp();
    const out = await app.http.post('/api/auth/sign-out').set('cookie', cookie).send({});
    expect(out.headers['clear-site-data']).toBe('"cache"');
    const answer = await ask().set('cookie', cookie).expect(200);
    expect(answer.body).toMatchObject({ session: null });
  });

  it('200: a bearer key is no session', async () => {
    const { apiKey } = await app.createKey((await app.signUp()).cookie);
    const answer = await ask().set('authorization', `Bearer ${apiKey}`).expect(200);
    expect(answer.body).toMatchObject({ session: null });
  });

  it('401: an account that they are not in', async () => {
    const [ada, eve] = [await app.signUp('Ada'), await app.signUp('Eve')];
    const answer = await ask()
      .set('cookie', eve.cookie)
      .set('keytrail-account', ada.accountId)
      .expect(401);
    expect(answer.body).toMatchObject({ code: 'wrong_account' });
  });

  it('403: a person who is in no account any more', async () => {
    const [ada, ben] = [await app.signUp('Ada'), await app.signUp('Ben')];
    await join(app, ada, ben, 'owner');
    await app.http.delete(`/v1/members/${ada.userId}`).set('cookie', ada.cookie).expect(200);
    const answer = await ask().set('cookie', ada.cookie).expect(403);
    expect(answer.body).toMatchObject({ code: 'no_account' });
  });
});
