import { gzipSync } from 'node:zlib';
import { startTestApp } from '../harness/app.js';
import type { IssuedKey, SignedUp, TestApp } from '../harness/app.js';

let app: TestApp;
let ada: SignedUp;
let verifier: IssuedKey;

beforeAll(async () => {
  app = await startTestApp();
  ada = await app.signUp();
  verifier = await app.createKey(ada.cookie);
});
afterAll(() => app.stop());

/** Sends a text as it is, for bodies that no serializer would make. */
const post = (path: string, body: string) =>
  app.http.post(path).set('cookie', ada.cookie).type('application/json').send(body);

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

const inherited = [
  'toString',
  'valueOf',
  'constructor',
  'hasOwnProperty',
  'isPrototypeOf',
  '__proto__',
  '__defineGetter__',
];

describe('an unknown field', () => {
  it.each(inherited)('400 in a body, also when it is called %s', async (name) => {
    const answer = await post('/v1/api-keys', `{"name":"ok ok","${name}":1}`);
    expect(answer.status).toBe(400);
    expect((answer.body as { code: string }).code).toBe('invalid_request');
  });

  it('400 in an object inside a body', async () => {
    const { apiKey } = verifier;
    const answer = await app.http
      .post('/v1/verify')
      .set('authorization', `Bearer ${apiKey}`)
      .send({ apiKey, request: { method: 'GET', path: '/', valueOf: 1 } });
    expect(answer.status).toBe(400);
    expect((answer.body as { errors: unknown }).errors).toEqual([
      { field: 'request.valueOf', message: 'is not a known field' },
    ]);
  });

  it.each([...inherited, 'nope'])('400 in a query, also when it is called %s', async (field) => {
    const answer = await app.http.get(`/v1/audit?${field}=1`).set('cookie', ada.cookie);
    expect(answer.status).toBe(400);
    expect((answer.body as { errors: unknown }).errors).toEqual([
      { field, message: 'is not a known field' },
    ]);
  });

  it.each([
    ['get', '/v1/me'],
    ['get', '/v1/accounts'],
    ['get', '/v1/api-keys/key_0000000000000000000000'],
    ['delete', '/v1/api-keys/key_0000000000000000000000'],
    ['post', '/v1/api-keys'],
  ] as const)('400 in the query of %s %s, which takes none', async (method, path) => {
    const answer = await app.http[method](`${path}?limit=5`).set('cookie', ada.cookie);
    expect(answer.status).toBe(400);
    expect((answer.body as { errors: unknown }).errors).toEqual([
      { field: 'limit', message: 'is not a known field' },
    ]);
  });

  it('200 for a query without any field, and 401 before anything else', async () => {
    await app.http.get('/v1/me?').set('cookie', ada.cookie).expect(200);
    await app.http.get('/v1/me?limit=5').expect(401);
    await app.http.get('/healthz/live?probe=1').expect(200);
  });
});

describe('what is wrong', () => {
  const tooLong = 'x'.repeat(20_000);
  it.each([
    ['post', '/v1/invitations/lookup', {}, 'token', 'must be text'],
    [
      'post',
      '/v1/invitations/lookup',
      { token: tooLong },
      'token',
      'must not be longer than 200 characters',
    ],
    [
      'post',
      '/v1/invitations',
      { role: 'owner' },
      'email',
      'must be an email address that one can sign up with',
    ],
    [
      'post',
      '/v1/invitations',
      { role: 'owner', email: 'x' },
      'email',
      'must be an email address that one can sign up with',
    ],
    [
      'post',
      '/v1/invitations',
      { role: 'boss', email: 'x@example.com' },
      'role',
      'must be one of owner, reviewer',
    ],
    ['delete', '/v1/api-keys/key_0000000000000000000000', { reason: 5 }, 'reason', 'must be text'],
    ['delete', '/v1/api-keys/key_0000000000000000000000', [], 'body', 'must be a JSON object'],
    ['post', '/v1/api-keys', [{ name: 'x' }], 'body', 'must be a JSON object'],
    [
      'delete',
      '/v1/api-keys/key_0000000000000000000000',
      '"text"',
      'body',
      'must be a JSON object',
    ],
    ['post', '/v1/verify', { apiKey: 'x' }, 'request', 'must be given'],
    ['post', '/v1/verify', { apiKey: 'x', request: [] }, 'request', 'must be an object'],
    ['post', '/v1/verify', { apiKey: 'x', request: [{}] }, 'request', 'must be an object'],
    ['post', '/v1/verify', { apiKey: 'x', request: 'x' }, 'request', 'must be an object'],
    [
      'post',
      '/v1/verify',
      { apiKey: 'x', request: { path: '/' } },
      'request.method',
      'must be a method such as GET',
    ],
    [
      'post',
      '/v1/verify',
      { apiKey: 'x', request: { method: 'GET', path: 5 } },
      'request.path',
      'must be text',
    ],
    [
      'post',
      '/v1/verify',
      { apiKey: 'x', request: { method: 'GET', path: 'x' } },
      'request.path',
      'must begin with a slash',
    ],
    [
      'post',
      '/v1/verify',
      { apiKey: 5, request: { method: 'GET', path: '/' } },
      'apiKey',
      'must be text',
    ],
  ] as const)('is said in full: %s %s %j', async (method, path, body, field, message) => {
    const request = app.http[method](path);
    const answer = await (
      path === '/v1/verify'
        ? request.set('authorization', `Bearer ${verifier.apiKey}`)
        : request.set('cookie', ada.cookie)
    )
      .type('application/json')
      .send(body as object);
    expect(answer.status).toBe(400);
    expect((answer.body as { errors: unknown }).errors).toEqual([{ field, message }]);
  });
});

describe('a body that is nested deeply', () => {
  it.each([
    ['/v1/api-keys', `{"name":${nested(30_000)}}`],
    ['/v1/api-keys', nested(30_000)],
    ['/v1/api-keys', `${'{"name":'.repeat(6_000)}1${'}'.repeat(6_000)}`],
    ['/v1/verify', `{"request":${nested(30_000)}}`],
    ['/api/auth/sign-in/email', `{"email":${nested(30_000)}}`],
  ])('400 at %s, with a clear text', async (path, body) => {
    const answer = await post(path, body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      code: 'invalid_request',
      errors: [{ field: 'body', message: 'must not be nested deeper than 16 levels' }],
    });
  });

  it('is looked at like any other when it is nested a little', async () => {
    const answer = await post('/v1/api-keys', `{"name":${nested(15)}}`);
    expect((answer.body as { errors: unknown }).errors).toEqual([
      { field: 'name', message: 'must be text' },
    ]);
  });
});

describe('a body', () => {
  const send = (body: Uint8Array, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${app.baseUrl}/v1/api-keys`, {
      method: 'POST',
      headers: { cookie: ada.cookie, 'content-type': 'application/json', ...headers },
      body: new Uint8Array(body),
    });
  const text = '{"name":"Bücher"}';

  it.each([
    ['in Latin-1', Buffer.from(text, 'latin1')],
    ['in UTF-16', Buffer.from(text, 'utf16le')],
    ['with half a character', Buffer.from(text).subarray(0, 11)],
  ])('400: %s, which nobody could read again', async (_, body) => {
    const answer = await send(body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      errors: [{ field: 'body', message: 'must be text in UTF-8' }],
    });
  });

  it('413: larger than 64 KiB', async () => {
    const answer = await send(Buffer.from(`{"name":"${'x'.repeat(70_000)}"}`));
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: 'body_too_large' });
  });

  it.each([
    ['compressed', gzipSync(text), { 'content-encoding': 'gzip' }],
    ['of another type', Buffer.from(text), { 'content-type': 'text/plain' }],
    ['of a form', Buffer.from('name=x'), { 'content-type': 'application/x-www-form-urlencoded' }],
  ])('415: %s', async (_, body, headers) => {
    const answer = await send(body, headers);
    expect(answer.status).toBe(415);
    expect(await answer.json()).toMatchObject({ code: 'unsupported_media_type' });
  });
});

describe('a method that an address does not have', () => {
  it.each([
    ['PUT', '/v1/api-keys', 'GET, HEAD, POST'],
    ['GET', '/v1/verify', 'POST'],
    ['POST', '/v1/api-keys/key_0000000000000000000000', 'DELETE, GET, HEAD'],
    ['DELETE', '/healthz/live', 'GET, HEAD'],
  ])('405: %s %s, with those that it has', async (method, path, allow) => {
    const answer = await fetch(app.baseUrl + path, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe(allow);
    expect(await answer.json()).toMatchObject({ code: 'method_not_allowed' });
  });

  it('404: no method makes an address of what is none', async () => {
    for (const path of ['/v1/nothing', `/v1/api-keys/${'x'.repeat(300)}`]) {
      const answer = await fetch(app.baseUrl + path, { method: 'DELETE' });
      expect(answer.status).toBe(404);
    }
  });
});
