import { startTestApp, type TestApp } from './app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

it('a person signs up, issues a key and sees its use', async () => {
  const ada = await app.signUp();
  const { apiKey, apiKeyId } = await app.createKey(ada.cookie);
  const me = await app.http.get('/v1/me').set('authorization', `Bearer ${apiKey}`).expect(200);
  expect(me.body).toMatchObject({ account: { id: ada.accountId }, apiKey: { id: apiKeyId } });
  const usage = await app.http.get('/v1/usage').set('cookie', ada.cookie).expect(200);
  expect(usage.body).toMatchObject({ events: [{ apiKeyId, endpoint: '/v1/me' }] });
  expect(app.logLines.join('')).not.toContain(apiKey);
});
