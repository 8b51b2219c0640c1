import { startTestApp } from '../harness/app.js';
import type { SignedUp, TestApp } from '../harness/app.js';

let app: TestApp;
let ada: SignedUp;

beforeAll(async () => {
  app = await startTestApp();
  ada = await app.signUp();
});
afterAll(() => app.stop());

describe('GET /v1/me', () => {
  it('200: the account and the person, with a session', async () => {
    const answer = await app.http.get('/v1/me').set('cookie', ada.cookie).expect(200);
    expect(answer.body).toEqual({
      account: { id: ada.accountId, name: 'Ada' },
      user: { id: ada.userId, email: ada.email, role: 'owner' },
    });
  });

  it('200: the account and the key, with a bearer key', async () => {
    const key = await app.createKey(ada.cookie, 'Mine');
    const bearer = `Bearer ${key.apiKey}`;
    const answer = await app.http.get('/v1/me').set('authorization', bearer).expect(200);
    expect(answer.body).toEqual({
      account: { id: ada.accountId, name: 'Ada' },
      apiKey: { id: key.apiKeyId, name: 'Mine', keyPrefix: key.keyPrefix },
    });
  });

  it('200: the key counts and not the session, when both are sent', async () => {
    const eve = await app.signUp('Eve');
    const key = await app.createKey(ada.cookie, 'Both');
    const answer = await app.http
      .get('/v1/me')
      .set('cookie', eve.cookie)
      .set('authorization', `Bearer ${key.apiKey}`)
      .expect(200);
    expect(answer.body).toMatchObject({ account: { id: ada.accountId } });
  });

  it('401: without credentials', async () => {
    const answer = await app.http.get('/v1/me').expect(401);
    expect(answer.body).toMatchObject({ code: 'missing_credentials', instance: '/v1/me' });
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="keytrail"');
  });
});
