import { startTestApp } from '../harness/app.js';
import type { SignedUp, TestApp } from '../harness/app.js';
import { someAddress } from '../harness/people.js';

let app: TestApp;
let ada: SignedUp;
beforeAll(async () => {
  app = await startTestApp();
  ada = await app.signUp();
});
afterAll(() => app.stop());

const tryFrom = (ip: string, email = ada.email, password = 'wrong password') =>
  app.http.post('/api/auth/sign-in/email').set('x-forwarded-for', ip).send({ email, password });

const times = <Result>(count: number, once: (index: number) => PromiseLike<Result>) =>
  Promise.all(Array.from({ length: count }, async (_, index) => once(index)));

it('503 and 429: many at once are refused, and no other kind of request is', async () => {
  const key = await app.createKey(ada.cookie);
  const flood = times(30, (index) => tryFrom(`192.0.2.${index % 2}`, someAddress()));
  const used = await app.http.get('/v1/me').set('authorization', `Bearer ${key.apiKey}`);
  expect(used.status).toBe(200);
  const codes = (await flood).map(({ status, body, headers }) => {
    if (status !== 401) expect(headers['retry-after']).toBe('1');
    return (body as { code: string }).code;
  });
  const count = (code: string) => codes.filter((one) => one === code).length;
  const refusals = count('rate_limited') + count('overloaded');
  expect(refusals).toBeGreaterThan(0);
  expect(refusals + count('invalid_email_or_password')).toBe(30);
});
