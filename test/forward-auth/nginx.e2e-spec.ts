import { jest } from '@jest/globals';
import { generateKey } from '@keytrail/domain';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import supertest from 'supertest';
import { startTestApp } from '../../apps/api/test/harness/app.js';
import type { IssuedKey, SignedUp, TestApp } from '../../apps/api/test/harness/app.js';
import { describeWith } from '../support/describe-with.js';
import { startNginx } from './nginx.js';
import type { Nginx } from './nginx.js';

jest.setTimeout(60_000);

/** A server that knows nothing of keys and tells what it was asked. */
async function startOrders(): Promise<{ server: Server; seen: IncomingHttpHeaders[] }> {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    request.resume().once('end', () => response.end('the orders'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, seen };
}

describeWith('nginx', 'nginx in front of a plain server', () => {
  let app: TestApp;
  let ada: SignedUp;
  let key: IssuedKey;
  let orders: Awaited<ReturnType<typeof startOrders>>;
  let nginx: Nginx;
  let shop: ReturnType<typeof supertest>;
  beforeAll(async () => {
    app = await startTestApp({ env: { TRUST_PROXY: 'false' } });
    ada = await app.signUp();
    key = await app.createKey(ada.cookie, 'Customer');
    orders = await startOrders();
    const { port } = orders.server.address() as AddressInfo;
    nginx = await startNginx({
      keytrail: new URL(app.baseUrl).host,
      orders: `127.0.0.1:${port}`,
    });
    shop = supertest(nginx.url);
  });
  beforeEach(() => {
    orders.seen.length = 0;
  });
  afterAll(async () => {
    await nginx.stop();
    orders.server.close();
    await app.stop();
  });

  const bearer = (apiKey: string) => ({ authorization: `Bearer ${apiKey}` });
  const uses = async (): Promise<unknown[]> => {
    const answer = await app.http
      .get(`/v1/usage?apiKeyId=${key.apiKeyId}`)
      .set('cookie', ada.cookie);
    return (answer.body as { events: unknown[] }).events;
  };

  it('lets a valid key in, and its use is recorded as the client made the request', async () => {
    const answer = await shop
      .post('/orders/7?card=1')
      .set(bearer(key.apiKey))
      .set('user-agent', 'shop/1')
      .send({ amount: 3 });
    expect([answer.status, answer.text]).toEqual([200, 'the orders']);
    expect(orders.seen).toMatchObject([
      { 'keytrail-account': ada.accountId, 'keytrail-key-id': key.apiKeyId },
    ]);
    expect(orders.seen[0]).not.toHaveProperty('authorization');
    expect((await uses())[0]).toMatchObject({
      method: 'POST',
      endpoint: '/orders/7',
      ip: '127.0.0.1',
      userAgent: 'shop/1',
    });
  });

  it.each([
    ['no key', {}],
    ['a malformed key', bearer('axk_1234')],
    ['a key that was never issued', bearer(generateKey('axk'))],
    ['something else than a bearer key', { authorization: 'Basic YTpi' }],
  ])('401: %s, and the server never hears of the request', async (_, headers) => {
    const answer = await shop.get('/orders').set(headers);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="keytrail"/);
    expect(orders.seen).toEqual([]);
  });

  it('401: headers that claim who somebody is let nobody in', async () => {
    const answer = await shop.get('/orders').set({
      'keytrail-account': ada.accountId,
      'keytrail-key-id': key.apiKeyId,
      'x-original-method': 'GET',
      'x-original-uri': '/',
      'x-forwarded-user': ada.email,
      cookie: ada.cookie,
    });
    expect(answer.status).toBe(401);
    expect(orders.seen).toEqual([]);
  });

  it('what the record and the server are told cannot be forged by the client', async () => {
    const answer = await shop.get('/orders/9').set({
      ...bearer(key.apiKey),
      'keytrail-key-id': 'key_forged',
      'keytrail-key-name': 'Forged',
      'x-original-method': 'DELETE',
      'x-original-uri': '/forged',
      'x-original-url': '/forged',
      'x-forwarded-method': 'DELETE',
      'x-forwarded-uri': '/forged',
      'x-forwarded-for': '203.0.113.9',
    });
    expect(answer.status).toBe(200);
    expect(orders.seen).toMatchObject([
      { 'keytrail-key-id': key.apiKeyId, 'keytrail-key-name': 'Customer' },
    ]);
    expect((await uses())[0]).toMatchObject({
      method: 'GET',
      endpoint: '/orders/9',
      ip: '127.0.0.1',
    });
  });

  it('404: the address by which nginx asks is not for clients', async () => {
    await shop.get('/_keytrail').set(bearer(key.apiKey)).expect(404);
  });

  it('G2: the request after a revocation is refused', async () => {
    const { apiKey, apiKeyId } = await app.createKey(ada.cookie);
    await shop.get('/orders').set(bearer(apiKey)).expect(200);
    await app.http.delete(`/v1/api-keys/${apiKeyId}`).set('cookie', ada.cookie).expect(200);
    await shop.get('/orders').set(bearer(apiKey)).expect(401);
    expect(orders.seen).toHaveLength(1);
  });
});
