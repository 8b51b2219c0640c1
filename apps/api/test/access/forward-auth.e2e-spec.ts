import { jest } from '@jest/globals';
import { generateKey } from '@keytrail/domain';
import { failAppends } from '../harness/fail-appends.js';
import { bytesOnWire } from '../../src/http/wire-text.js';
import { startTestApp } from '../harness/app.js';
import type { IssuedKey, SignedUp, TestApp } from '../harness/app.js';

jest.setTimeout(30_000);

const nginx = { 'x-original-method': 'PUT', 'x-original-uri': '/orders/7?page=2' };
const traefik = { 'x-forwarded-method': 'PUT', 'x-forwarded-uri': '/orders/7?page=2' };

describe('GET /v1/forward-auth', () => {
  let app: TestApp;
  let ada: SignedUp;
  let key: IssuedKey;
  beforeAll(async () => {
    app = await startTestApp();
    ada = await app.signUp();
    key = await app.createKey(ada.cookie, 'Größe – ✓');
  });
  afterAll(() => app.stop());

  const ask = (headers: Record<string, string>, query = '', { apiKey } = key) =>
    app.http.get(`/v1/forward-auth${query}`).set({ authorization: `Bearer ${apiKey}`, ...headers });
  const lastUse = async (): Promise<unknown> => {
    const answer = await app.http
      .get(`/v1/usage?apiKeyId=${key.apiKeyId}`)
      .set('cookie', ada.cookie);
    return (answer.body as { events: unknown[] }).events[0];
  };

  it.each([
    ['nginx', nginx],
    [
      'nginx with whole addresses',
      { ...nginx, 'x-original-uri': '', 'x-original-url': 'https://shop.example/orders/7?page=2' },
    ],
    ['Traefik and Caddy', traefik],
  ])('200: as %s asks, recorded with the method and path of the original', async (_, headers) => {
    const answer = await ask({ ...headers, 'x-forwarded-for': '203.0.113.9, 192.0.2.7' });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'keytrail-account': ada.accountId,
      'keytrail-key-id': key.apiKeyId,
      'keytrail-key-name': encodeURIComponent('Größe – ✓'),
    });
    expect(await lastUse()).toMatchObject({
      method: 'PUT',
      endpoint: '/orders/7',
      ip: '192.0.2.7',
    });
  });

  it.each([
    ['203.0.113.9, 192.0.2.7:51008', '192.0.2.7'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['192.0.2.7, unknown', null],
  ])('200: recorded with the address in %s, and never with that of the proxy', async (seen, ip) => {
    await ask({ ...nginx, 'x-forwarded-for': seen }).expect(200);
    expect(await lastUse()).toMatchObject({ ip });
  });

  it.each(['HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const)(
    '200: also when the proxy asks with %s',
    async (method) => {
      const answer = await fetch(`${app.baseUrl}/v1/forward-auth`, {
        method,
        headers: { authorization: `Bearer ${key.apiKey}`, ...nginx },
      });
      expect(answer.status).toBe(200);
    },
  );

  it('200: recorded in the one spelling of its path and user agent', async () => {
    const answer = await fetch(`${app.baseUrl}/v1/forward-auth`, {
      headers: {
        ...{ authorization: `Bearer ${key.apiKey}`, 'x-original-method': 'GET' },
        ...{
          'x-original-uri': bytesOnWire('/straße/%C3%A4/%61?x'),
          'user-agent': bytesOnWire('Größe/1'),
        },
      },
    });
    expect(answer.status).toBe(200);
    expect(await lastUse()).toMatchObject({ endpoint: '/straße/ä/a', userAgent: 'Größe/1' });
  });

  it('400: two headers of one proxy that say different things', async () => {
    const both = { ...nginx, 'x-original-url': 'https://shop.example/other' };
    const answer = await ask(both).expect(400);
    expect(answer.body).toMatchObject({
      errors: [
        {
          field: 'x-original-uri and x-original-url',
          message: 'must say the same, or one of them must not come',
        },
      ],
    });
    await ask({ ...nginx, 'x-original-url': nginx['x-original-uri'] }).expect(200);
  });

  it('200: for the account that the proxy requires', async () => {
    await ask(nginx, `?account=${ada.accountId}`).expect(200);
  });

  it('401: each reason by its code, with a challenge and nobody named', async () => {
    const revoked = await app.createKey(ada.cookie);
    await app.http.delete(`/v1/api-keys/${revoked.apiKeyId}`).set('cookie', ada.cookie);
    const answers = {
      missing_credentials: await app.http.get('/v1/forward-auth').set(nginx),
      malformed_authorization: await ask({ ...nginx, authorization: key.apiKey }),
      malformed_key: await ask({ ...nginx, authorization: 'Bearer axk_1234' }),
      unknown_key: await ask(nginx, '', { ...key, apiKey: generateKey('axk') }),
      revoked_key: await ask(nginx, '', revoked),
      wrong_account: await ask(nginx, '?account=acc_other'),
    };
    for (const [code, answer] of Object.entries(answers)) {
      expect([code, answer.status]).toEqual([code, 401]);
      expect(answer.body).toMatchObject({ code });
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="keytrail"/);
      expect(answer.headers).not.toHaveProperty('keytrail-account');
    }
  });

  it('401: a header that names an account, a key id or a session lets nobody in', async () => {
    const forged = {
      ...nginx,
      'keytrail-account': ada.accountId,
      'keytrail-key-id': key.apiKeyId,
      'keytrail-key-name': 'Forged',
      'x-forwarded-user': ada.email,
      cookie: ada.cookie,
    };
    await app.http.get('/v1/forward-auth').set(forged).expect(401);
    const other = await ask({ ...nginx, 'keytrail-account': 'acc_other' }).expect(401);
    expect(other.body).toMatchObject({ code: 'wrong_account' });
  });

  it.each([
    ['nothing said of the original', {}],
    ['no method', { 'x-original-uri': '/' }],
    ['no path', { 'x-original-method': 'GET' }],
    ['no path', { 'x-forwarded-method': 'GET', 'x-forwarded-uri': 'orders' }],
    ['a method that is none', { ...nginx, 'x-original-method': 'GET / HTTP/1.1' }],
    ['two originals, of which a client could have forged one', { ...nginx, ...traefik }],
  ])('400: %s', async (_, headers) => {
    const before = await lastUse();
    await ask(headers).expect(400);
    expect(await lastUse()).toEqual(before);
  });

  it('503: nobody is let in whose use cannot be recorded', async () => {
    const offline = await startTestApp({ stores: app.stores });
    failAppends(offline, { after: 0 });
    const answer = await offline.http
      .get('/v1/forward-auth')
      .set({ authorization: `Bearer ${key.apiKey}`, ...nginx });
    await offline.stop();
    expect(answer.status).toBe(503);
    expect(answer.headers).not.toHaveProperty('keytrail-account');
  });

  it('400: a query that it does not know', async () => {
    await ask(nginx, '?acount=acc_1').expect(400);
  });
});
