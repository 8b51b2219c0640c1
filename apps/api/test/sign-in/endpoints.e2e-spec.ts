import { jest } from '@jest/globals';
import { SignIn } from '../../src/sessions/sign-in.js';
import { endpoints } from '../../src/sessions/endpoints.js';
import { startTestApp } from '../harness/app.js';
import type { SignedUp, TestApp } from '../harness/app.js';

let app: TestApp;
let ada: SignedUp;
beforeAll(async () => {
  app = await startTestApp();
  ada = await app.signUp();
});
afterAll(() => app.stop());

interface LibraryEndpoint {
  readonly path?: string;
  readonly options?: { readonly method?: string | readonly string[] };
}

const library = (): LibraryEndpoint[] =>
  Object.values(app.get(SignIn).auth.api as unknown as Record<string, LibraryEndpoint>);

describe('of the sign-in library', () => {
  it('these endpoints are open, and it has each of them', () => {
    expect(Object.entries(endpoints).map(([path, { method }]) => `${method} ${path}`)).toEqual([
      'POST /sign-up/email',
      'POST /sign-in/email',
      'POST /sign-out',
      'GET /get-session',
      'GET /list-sessions',
      'POST /revoke-sessions',
      'POST /update-user',
      'POST /change-password',
    ]);
    for (const [path, { method }] of Object.entries(endpoints)) {
      const known = library().filter((endpoint) => endpoint.path === path);
      expect(known.map(({ options }) => [options?.method].flat())).toEqual([
        expect.arrayContaining([method]),
      ]);
    }
  });

  it('all others are not there, by any method and in any spelling', async () => {
    const closed = library().flatMap(({ path }) => (path && !(path in endpoints) ? [path] : []));
    expect(closed.length).toBeGreaterThan(15);
    for (const path of [...closed, '/error?error=x', '/ok', '/callback/google', '/reference']) {
      for (const method of ['get', 'post'] as const) {
        const answer = await app.http[method](`/api/auth${path}`).set('cookie', ada.cookie);
        expect([path, answer.status]).toEqual([path, 404]);
        expect(answer.body).toMatchObject({ code: 'not_found' });
      }
    }
  });

  it.each([
    '/api/auth',
    '/api/auth/',
    '/api/auth/get-session/',
    '/api/auth//get-session',
    '/api//auth/get-session',
    '/api/auth/Get-Session',
    '/api/auth/get%2dsession',
    '/api/auth/%67et-session',
    '/api/auth/../auth/get-session',
    '/api/auth/./get-session',
    '/api/auth/%2e%2e/auth/get-session',
    '/api/auth%2fget-session',
    '/api/auth/get-session%00',
    '/api/auth/get-session;x',
    '/api/auth/get-session\\x',
    '/api/auth/toString',
    '/api/auth/__proto__',
    `/api/auth/${'x'.repeat(2_500)}`,
    `/api/auth/${'x/'.repeat(500)}`,
  ])('nothing is at %s', async (path) => {
    const answer = await rawGet(path);
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ code: 'not_found' });
  });

  it.each(['put', 'patch', 'delete', 'get'] as const)('405: %s', async (method) => {
    const answer = await app.http[method]('/api/auth/sign-in/email').expect(405);
    expect(answer.headers['allow']).toBe('POST');
  });

  it('400: fields and parameters that it does not need', async () => {
    const { email, password } = ada;
    for (const field of ['callbackURL', 'redirectTo', 'accountId', 'emailVerified']) {
      const body = { email, password, [field]: 'https://x.example' };
      const answer = await app.http.post('/api/auth/sign-in/email').send(body).expect(400);
      expect(answer.body).toMatchObject({ code: 'invalid_request', errors: [{ field }] });
    }
    await app.http.post('/api/auth/update-user').send({ currentAccountId: 'acc_x' }).expect(400);
    await app.http.get('/api/auth/get-session?disableRefresh=true').expect(400);
    await app.http.post('/api/auth/sign-out').send(['x']).expect(400);
  });
});

async function rawGet(path: string): Promise<{ status: number; body: unknown }> {
  const { request } = await import('node:http');
  const { json } = await import('node:stream/consumers');
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(app.baseUrl);
    request({ hostname, port, path }, (answer) => {
      json(answer).then((body) => {
        resolve({ status: answer.statusCode ?? 0, body });
      }, reject);
    })
      .on('error', reject)
      .end();
  });
}

it('G5: nothing that comes in goes past the log, nor makes a document', async () => {
  const said: unknown[] = [];
  const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
    jest.spyOn(console, name).mockImplementation((...words) => said.push(words)),
  );
  const secret = `axk_${'a1B2c3'.repeat(7)}`;
  const forged = `https://x.example/\n{"level":30,"msg":"forged"}`;
  const { email, password } = ada;
  for (const value of [`https://x.example/?k=${secret}`, forged]) {
    const signIn = app.http.post('/api/auth/sign-in/email');
    await signIn.send({ email, password, callbackURL: value });
    await app.http.post('/api/auth/sign-in/email').set('origin', 'https://x.example').send({});
    await app.http.get(`/api/auth/error?error=${encodeURIComponent(value)}`).expect(404);
    await app.http.post('/api/auth/sign-in/email').send({ email: value, password: value });
    await app.http
      .post('/api/auth/sign-in/email')
      .set('user-agent', secret)
      .send({ email, password: 'wrong' });
    await app.http.post(`/api/auth/${secret}`).send({}).expect(404);
  }
  const find = jest.spyOn(app.models.db, 'collection').mockImplementation(() => {
    throw new Error(forged);
  });
  await app.http.post('/api/auth/sign-in/email').send({ email, password });
  find.mockRestore();
  for (const spy of spies) spy.mockRestore();
  expect(said).toEqual([]);
  const lines = app.logLines.join('');
  expect(lines).not.toContain(secret);
  for (const line of lines.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('part');
  const collections = await app.models.db.listCollections({}, { nameOnly: true }).toArray();
  expect(collections.map(({ name }) => name)).not.toContain('rateLimit');
});
