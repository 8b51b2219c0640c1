import { jest } from '@jest/globals';
import { generateKey } from '@keytrail/domain';
import { failAppends } from '../harness/fail-appends.js';
import { startTestApp } from '../harness/app.js';
import type { IssuedKey, SignedUp, TestApp } from '../harness/app.js';

jest.setTimeout(30_000);

const request = { method: 'POST', path: '/orders', ip: '192.0.2.7', userAgent: 'curl/8' };
const refused = (code: string) => ({
  active: false,
  code,
  apiKeyId: null,
  accountId: null,
  name: null,
  position: null,
});

describe('POST /v1/verify', () => {
  let app: TestApp;
  let ada: SignedUp;
  let service: IssuedKey;
  beforeAll(async () => {
    app = await startTestApp();
    ada = await app.signUp();
    service = await app.createKey(ada.cookie, 'Orders service');
  });
  afterAll(() => app.stop());

  const verify = (body: object, apiKey = service.apiKey) =>
    app.http.post('/v1/verify').set('authorization', `Bearer ${apiKey}`).send(body);
  const usesOf = async (keyId: string): Promise<Record<string, unknown>[]> => {
    const answer = await app.http.get(`/v1/usage?apiKeyId=${keyId}`).set('cookie', ada.cookie);
    return (answer.body as { events: Record<string, unknown>[] }).events;
  };
  const revoke = (keyId: string, { cookie } = ada) =>
    app.http.delete(`/v1/api-keys/${keyId}`).set('cookie', cookie).expect(200);

  it('200: an active key, its use recorded as the other service saw it', async () => {
    const { apiKey, apiKeyId } = await app.createKey(ada.cookie, 'Customer');
    const answer = await verify({ apiKey, request: { ...request, path: '/orders?card=1' } });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      active: true,
      code: null,
      apiKeyId,
      accountId: ada.accountId,
      name: 'Customer',
      position: expect.stringMatching(/^\d+(-\d+)?$/) as string,
    });
    expect(await usesOf(apiKeyId)).toMatchObject([
      { method: 'POST', endpoint: '/orders', ip: '192.0.2.7', userAgent: 'curl/8' },
    ]);
    expect(await usesOf(service.apiKeyId)).toMatchObject([{ endpoint: '/v1/verify' }]);
    const { position } = answer.body as { position: string };
    const page = await app.http.get('/v1/events?from=start&limit=100').set('cookie', ada.cookie);
    const { nextPosition } = page.body as { nextPosition: string };
    expect(BigInt(nextPosition)).toBeGreaterThanOrEqual(BigInt(position));
  });

  it.each([
    ['203.0.113.9:51008', '203.0.113.9'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
  ])('200: recorded with the address in %s', async (ip, recorded) => {
    const { apiKey, apiKeyId } = await app.createKey(ada.cookie, 'Customer');
    await verify({ apiKey, request: { ...request, ip } }).expect(200);
    expect(await usesOf(apiKeyId)).toMatchObject([{ ip: recorded }]);
  });

  it('200: a typo, and a key that was never issued', async () => {
    const typo = await verify({ apiKey: `${service.apiKey}x`, request }).expect(200);
    expect(typo.body).toEqual(refused('malformed_key'));
    const unknown = await verify({ apiKey: generateKey('axk'), request }).expect(200);
    expect(unknown.body).toEqual(refused('unknown_key'));
  });

  it('200: a revoked key, with the attempt in the audit trail', async () => {
    const { apiKey, apiKeyId } = await app.createKey(ada.cookie);
    await revoke(apiKeyId);
    const answer = await verify({ apiKey, request }).expect(200);
    expect(answer.body).toEqual(refused('revoked_key'));
    expect(await usesOf(apiKeyId)).toEqual([]);
    const events = '/v1/events?from=start&limit=100&types=keytrail.key.refused.v1&wait=5';
    const refusals = await app.http.get(events).set('cookie', ada.cookie);
    expect(refusals.body).toMatchObject({
      events: [{ subject: apiKeyId, data: { path: '/orders', ip: '192.0.2.7' } }],
    });
  });

  it('G6: a key of another account does not exist, active or revoked, and nothing is recorded', async () => {
    const bob = await app.signUp('Bob');
    const { apiKey, apiKeyId } = await app.createKey(bob.cookie);
    expect((await verify({ apiKey, request })).body).toEqual(refused('unknown_key'));
    await revoke(apiKeyId, bob);
    expect((await verify({ apiKey, request })).body).toEqual(refused('unknown_key'));
    const trail = await app.http.get(`/v1/audit?apiKeyId=${apiKeyId}`).set('cookie', bob.cookie);
    const { entries } = trail.body as { entries: { type: string }[] };
    expect(entries.map(({ type }) => type)).toEqual(['KeyCreated', 'KeyRevoked']);
  });

  it.each([
    ['request', { apiKey: 'x' }],
    ['request', { apiKey: 'x', request: 'GET /' }],
    ['request', { apiKey: 'x', request: [] }],
    ['request', { apiKey: 'x', request: [request] }],
    ['request', { apiKey: 'x', request: null }],
    ['apiKey', { request }],
    ['request.method', { apiKey: 'x', request: { ...request, method: 'get /' } }],
    ['request.path', { apiKey: 'x', request: { ...request, path: 'orders' } }],
    ['request.ip', { apiKey: 'x', request: { ...request, ip: 'here' } }],
    ['request.userAgent', { apiKey: 'x', request: { ...request, userAgent: 7 } }],
    ['request.host', { apiKey: 'x', request: { ...request, host: 'a' } }],
    ['account', { apiKey: 'x', request, account: 'acc_1' }],
  ])('400: %s', async (field, body) => {
    const answer = await verify(body).expect(400);
    expect(answer.body).toMatchObject({ code: 'invalid_request', errors: [{ field }] });
  });

  it('401: without a key of its own, or with one that is revoked', async () => {
    await app.http.post('/v1/verify').send({ apiKey: service.apiKey, request }).expect(401);
    const { apiKey, apiKeyId } = await app.createKey(ada.cookie);
    await revoke(apiKeyId);
    const answer = await verify({ apiKey: service.apiKey, request }, apiKey).expect(401);
    expect(answer.body).toMatchObject({ code: 'revoked_key' });
  });

  it('403: a signed-in person is not a service', async () => {
    const answer = await app.http
      .post('/v1/verify')
      .set('cookie', ada.cookie)
      .send({ apiKey: service.apiKey, request })
      .expect(403);
    expect(answer.body).toMatchObject({ code: 'key_required' });
  });

  it('503: nothing is active that cannot be recorded', async () => {
    const { apiKey } = await app.createKey(ada.cookie);
    const offline = await startTestApp({ stores: app.stores });
    failAppends(offline, { after: 1 });
    const answer = await offline.http
      .post('/v1/verify')
      .set('authorization', `Bearer ${service.apiKey}`)
      .send({ apiKey, request });
    await offline.stop();
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ code: 'event_log_unavailable' });
    expect(answer.headers['retry-after']).toBe('1');
  });

  it('G5: the key that is checked is in no log line', () => {
    expect(app.logLines.join('')).not.toContain(service.apiKey);
  });
});
