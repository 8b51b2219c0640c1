import { startTestApp } from '../harness/app.js';
import type { SignedUp, TestApp } from '../harness/app.js';

let app: TestApp;
let second: TestApp;
let ada: SignedUp;

beforeAll(async () => {
  app = await startTestApp();
  second = await startTestApp({ stores: app.stores });
  ada = await app.signUp();
});
afterAll(async () => {
  await second.stop();
  await app.stop();
});

const revoke = (id: string, cookie = ada.cookie) =>
  app.http.delete(`/v1/api-keys/${id}`).set('cookie', cookie);

describe('DELETE /v1/api-keys/{id}', () => {
  it('200: G2 a revoked key is refused by every process, G3 and is revoked in every list', async () => {
    const key = await app.createKey(ada.cookie, 'Leaked');
    await second.http.get('/v1/me').set('authorization', `Bearer ${key.apiKey}`).expect(200);
    const body = (await revoke(key.apiKeyId).send({ reason: 'In a build log' }).expect(200))
      .body as unknown;
    expect(body).toEqual({
      success: true,
      apiKeyId: key.apiKeyId,
      revokedAt: expect.stringMatching(/Z$/) as string,
    });
    for (const process of [app, second]) {
      const answer = await process.http.get('/v1/me').set('authorization', `Bearer ${key.apiKey}`);
      expect(answer.body).toMatchObject({ status: 401, code: 'revoked_key' });
      const list = await process.http.get('/v1/api-keys').set('cookie', ada.cookie).expect(200);
      const { revokedAt } = body as { revokedAt: string };
      expect(list.body).toMatchObject({
        activeCount: 0,
        keys: [{ id: key.apiKeyId, status: 'Revoked', revokedAt, revokedBy: ada.email }],
      });
    }
    const audit = await app.http
      .get(`/v1/audit?apiKeyId=${key.apiKeyId}&type=KeyRevoked`)
      .set('cookie', ada.cookie);
    expect(audit.body).toMatchObject({ entries: [{ details: { reason: 'In a build log' } }] });
  });

  it('200: again gives the same answer and no second event, also for many at once', async () => {
    const key = await app.createKey(ada.cookie, 'Twice');
    const answers = await Promise.all(Array.from({ length: 6 }, () => revoke(key.apiKeyId)));
    const bodies = new Set(answers.map(({ body }) => JSON.stringify(body)));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect(bodies.size).toBe(1);
    const audit = await app.http
      .get(`/v1/audit?apiKeyId=${key.apiKeyId}&type=KeyRevoked`)
      .set('cookie', ada.cookie);
    expect((audit.body as { entries: unknown[] }).entries).toHaveLength(1);
  });

  it('404: a key of another account answers exactly as one that does not exist', async () => {
    const eve = await app.signUp('Eve');
    const key = await app.createKey(ada.cookie, 'Mine');
    const missing = 'key_0000000000000000000000';
    const foreign = await revoke(key.apiKeyId, eve.cookie).expect(404);
    const unknown = await revoke(missing, eve.cookie).expect(404);
    const same = ({ body }: { body: unknown }, id: string): string =>
      JSON.stringify({ ...(body as object), requestId: '' }).replaceAll(id, 'ID');
    expect(same(foreign, key.apiKeyId)).toBe(same(unknown, missing));
    await app.http.get('/v1/me').set('authorization', `Bearer ${key.apiKey}`).expect(200);
  });

  it.each(['nonsense', 'key_%00', 'key_..%2F..', `key_${'x'.repeat(150)}`])(
    '404: %s is no id',
    (id) => revoke(id).expect(404),
  );

  it.each([
    ['a number', { reason: 5 }],
    ['a text that is too long', { reason: 'x'.repeat(501) }],
    ['an unknown field', { because: 'x' }],
  ])('400: %s as the reason', async (_, body) => {
    const key = await app.createKey(ada.cookie);
    const answer = await revoke(key.apiKeyId).send(body).expect(400);
    expect((answer.body as { errors: unknown[] }).errors).toHaveLength(1);
  });

  it('401: without credentials', () => app.http.delete('/v1/api-keys/key_x').expect(401));

  it('403: a bearer key cannot revoke keys, not even itself', async () => {
    const key = await app.createKey(ada.cookie);
    const answer = await app.http
      .delete(`/v1/api-keys/${key.apiKeyId}`)
      .set('authorization', `Bearer ${key.apiKey}`)
      .expect(403);
    expect(answer.body).toMatchObject({ code: 'session_required' });
  });

  it('keeps a key out of the reason that is written down', async () => {
    const key = await app.createKey(ada.cookie);
    await revoke(key.apiKeyId)
      .send({ reason: `it was ${key.apiKey}` })
      .expect(200);
    const audit = await app.http
      .get(`/v1/audit?apiKeyId=${key.apiKeyId}&type=KeyRevoked`)
      .set('cookie', ada.cookie);
    expect(audit.body).toMatchObject({
      entries: [{ details: { reason: 'it was axk_[redacted]' } }],
    });
  });

  it.each(['a\\ud83d', 'rtl \\u202e gnp', 'bell \\u0007', 'mark \\u200e'])(
    '400: a reason that would read otherwise than it is (%s)',
    async (reason) => {
      const key = await app.createKey(ada.cookie);
      const answer = await revoke(key.apiKeyId)
        .type('application/json')
        .send(`{"reason":"${reason}"}`);
      expect(answer.status).toBe(400);
      expect((answer.body as { errors: unknown[] }).errors).toMatchObject([{ field: 'reason' }]);
      await app.http.get('/v1/me').set('authorization', `Bearer ${key.apiKey}`).expect(200);
    },
  );

  it('200: a reason of several lines is written down as one', async () => {
    const key = await app.createKey(ada.cookie);
    await revoke(key.apiKeyId).send({ reason: 'leaked\r\n\tin a log\n' }).expect(200);
    const audit = await app.http
      .get(`/v1/audit?apiKeyId=${key.apiKeyId}&type=KeyRevoked`)
      .set('cookie', ada.cookie);
    expect(audit.body).toMatchObject({ entries: [{ details: { reason: 'leaked in a log' } }] });
  });
});
