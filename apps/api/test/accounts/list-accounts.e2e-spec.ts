import { startTestApp, type TestApp } from '../harness/app.js';
import { join } from '../harness/people.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const list = () => app.http.get('/v1/accounts');

describe('GET /v1/accounts', () => {
  it('200: the accounts a person is in, with the role in each', async () => {
    const [ada, ben] = [await app.signUp('Ada'), await app.signUp('Ben')];
    await join(app, ada, ben, 'reviewer');
    await list()
      .set('cookie', ben.cookie)
      .expect(200, {
        accounts: [
          { id: ben.accountId, name: 'Ben', role: 'owner' },
          { id: ada.accountId, name: 'Ada', role: 'reviewer' },
        ],
      });
    await list()
      .set('cookie', ada.cookie)
      .expect(200, { accounts: [{ id: ada.accountId, name: 'Ada', role: 'owner' }] });
  });

  it('200: none for a person who is in no account any more', async () => {
    const [ada, ben] = [await app.signUp('Ada'), await app.signUp('Ben')];
    await join(app, ada, ben, 'owner');
    await app.http.delete(`/v1/members/${ada.userId}`).set('cookie', ada.cookie).expect(200);
    await list().set('cookie', ada.cookie).expect(200, { accounts: [] });
  });

  it('401: nobody is signed in', async () => {
    const answer = await list().expect(401);
    expect(answer.body).toMatchObject({ code: 'missing_credentials' });
  });

  it('403: a bearer key is in one account only', async () => {
    const { apiKey } = await app.createKey((await app.signUp()).cookie);
    const answer = await list().set('authorization', `Bearer ${apiKey}`).expect(403);
    expect(answer.body).toMatchObject({ code: 'session_required' });
  });
});
