import { jest } from '@jest/globals';
import { startTestApp } from '../harness/app.js';
import type { IssuedKey, SignedUp, TestApp } from '../harness/app.js';

let app: TestApp;
/** Another process, which finds the registry of the read models empty. */
let bereft: TestApp;
let ada: SignedUp;
let key: IssuedKey;

beforeAll(async () => {
  app = await startTestApp();
  ada = await app.signUp();
  key = await app.createKey(ada.cookie);
  bereft = await startTestApp({ stores: app.stores });
  jest.spyOn(bereft.models.registry, 'load').mockResolvedValue(new Map());
});
afterAll(async () => {
  await bereft.stop();
  await app.stop();
});

describe('while the read models are being restored', () => {
  it.each([
    ['a key', () => ({ authorization: `Bearer ${key.apiKey}` })],
    ['a session', () => ({ cookie: ada.cookie })],
  ])('a request with %s is answered 503 and may come again', async (_, credentials) => {
    const answer = await bereft.http.get('/v1/me').set(credentials()).expect(503);
    expect(answer.body).toMatchObject({ code: 'read_model_unavailable' });
    expect(answer.headers['retry-after']).toBe('1');
  });
});
