import { readdir } from 'node:fs/promises';
import { startTestApp } from '../harness/app.js';
import type { SignedUp, TestApp } from '../harness/app.js';

let app: TestApp;
let ada: SignedUp;

beforeAll(async () => {
  app = await startTestApp();
  ada = await app.signUp();
});
afterAll(() => app.stop());

const cachingOf = (answer: { headers: Record<string, string> }): string | undefined =>
  answer.headers['cache-control'];

describe('G5 secrets stay secret: no cache keeps', () => {
  it('the answer with a new key', async () => {
    const answer = await app.http
      .post('/v1/api-keys')
      .set('cookie', ada.cookie)
      .send({ name: 'Production Key' });
    expect([answer.status, cachingOf(answer)]).toEqual([201, 'no-store']);
  });

  it('the answer with the link of an invitation', async () => {
    const answer = await app.http
      .post('/v1/invitations')
      .set('cookie', ada.cookie)
      .send({ email: 'ben@example.com', role: 'reviewer' });
    expect([answer.status, cachingOf(answer)]).toEqual([201, 'no-store']);
  });

  it('a session, begun or refused', async () => {
    const { email, password } = ada;
    const begun = await app.http.post('/api/auth/sign-in/email').send({ email, password });
    expect([begun.status, cachingOf(begun)]).toEqual([200, 'no-store']);
    const session = await app.http.get('/api/auth/get-session').set('cookie', ada.cookie);
    expect([session.status, cachingOf(session)]).toEqual([200, 'no-store']);
    const refused = await app.http.post('/api/auth/sign-in/email').send({ email, password: 'no' });
    expect([refused.status, cachingOf(refused)]).toEqual([401, 'no-store']);
  });

  it.each([
    '/v1/me',
    '/v1/audit/export?format=csv',
    '/v1/api-keys/nope',
    '/v1/nothing',
    '/%761/me',
  ])('the answer of %s', async (path) => {
    expect(cachingOf(await app.http.get(path).set('cookie', ada.cookie))).toBe('no-store');
  });
});

describe('the pages', () => {
  it('are asked for anew, and what their addresses name for good is kept', async () => {
    expect(cachingOf(await app.http.get('/'))).toBe('no-cache');
    const [asset = ''] = await readdir('apps/dashboard/dist/assets');
    expect(cachingOf(await app.http.get(`/assets/${asset}`))).toContain('immutable');
  });
});
