import { isWellFormedKey } from '@keytrail/domain';
import { startTestApp } from '../harness/app.js';
import type { SignedUp, TestApp } from '../harness/app.js';

let app: TestApp;
let ada: SignedUp;

beforeAll(async () => {
  app = await startTestApp();
  ada = await app.signUp();
});
afterAll(() => app.stop());

const create = (body: object | string) =>
  app.http
    .post('/v1/api-keys')
    .set('cookie', ada.cookie)
    .set('content-type', 'application/json')
    .send(body);

describe('POST /v1/api-keys', () => {
  it('201: answers with the whole key, the only time it is seen', async () => {
    const body = (await create({ name: '  Production Key ' }).expect(201)).body as unknown;
    expect(Object.keys(body as object).sort()).toEqual(
      ['apiKey', 'apiKeyId', 'createdAt', 'keyPrefix', 'name', 'warning'].sort(),
    );
    const { apiKey, apiKeyId, keyPrefix, name, createdAt } = body as Record<string, string>;
    expect(isWellFormedKey(apiKey ?? '', 'axk')).toBe(true);
    expect(apiKeyId).toMatch(/^key_[0-9A-Za-z]{22}$/);
    expect(keyPrefix).toBe(apiKey?.slice(0, 8));
    expect(name).toBe('Production Key');
    expect(createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('201: the same name twice makes two keys', async () => {
    const first = await create({ name: 'Twice' }).expect(201);
    const second = await create({ name: 'Twice' }).expect(201);
    expect((first.body as { apiKeyId: string }).apiKeyId).not.toBe(
      (second.body as { apiKeyId: string }).apiKeyId,
    );
  });

  it('409: an Idempotency-Key creates one key only, and the repeat names it', async () => {
    const first = await create({ name: 'Once' }).set('idempotency-key', 'order-7').expect(201);
    const again = await create({ name: 'Once' }).set('idempotency-key', 'order-7').expect(409);
    expect(again.body).toMatchObject({
      code: 'key_already_created',
      apiKeyId: (first.body as { apiKeyId: string }).apiKeyId,
    });
    expect(JSON.stringify(again.body)).not.toContain('apiKey"');
  });

  it('409: of many at once with one Idempotency-Key exactly one creates', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => create({ name: 'Race' }).set('idempotency-key', 'race-1')),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      201, 409, 409, 409, 409, 409, 409, 409,
    ]);
  });

  it('201: the same Idempotency-Key of another account is another key', async () => {
    const eve = await app.signUp('Eve');
    const other = await app.http
      .post('/v1/api-keys')
      .set('cookie', eve.cookie)
      .set('idempotency-key', 'order-7')
      .send({ name: 'Once' });
    expect(other.status).toBe(201);
  });

  it.each([
    ['no name', {}, 'name'],
    ['a number', { name: 5 }, 'name'],
    ['null', { name: null }, 'name'],
    ['a list', { name: ['Production'] }, 'name'],
    ['one character', { name: 'x' }, 'name'],
    ['81 characters', { name: 'x'.repeat(81) }, 'name'],
    ['a control character', { name: 'a\u0007b' }, 'name'],
    ['an unknown field', { name: 'Fine', scopes: ['all'] }, 'scopes'],
    ['a key as the name', { name: `axk_${'a'.repeat(42)}` }, 'name'],
    ['broken JSON', '{"name": ', 'body'],
    ['no object', '[]', ''],
    ['a key that reaches the prototype', '{"__proto__": {"x": 1}, "name": "Fine"}', 'body'],
  ])('400: %s', async (_, body, field) => {
    const answer = await create(body);
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    const problem = answer.body as { code: string; errors: { field: string }[] };
    expect(problem).toMatchObject({
      code: 'invalid_request',
      status: 400,
      instance: '/v1/api-keys',
    });
    expect(problem.errors.length).toBeGreaterThan(0);
    if (field !== '') expect(problem.errors.map((error) => error.field)).toContain(field);
  });

  it('400: an Idempotency-Key that is none', async () => {
    const answer = await create({ name: 'Fine' }).set('idempotency-key', 'with space').expect(400);
    expect(answer.body).toMatchObject({ errors: [{ field: 'Idempotency-Key' }] });
  });

  it('413: a body over the limit', async () => {
    const answer = await create({ name: 'x'.repeat(70_000) }).expect(413);
    expect(answer.body).toMatchObject({ code: 'body_too_large' });
  });

  it('415: another media type than JSON', async () => {
    await app.http
      .post('/v1/api-keys')
      .set('cookie', ada.cookie)
      .set('content-type', 'text/plain')
      .send('name=x')
      .expect(415);
  });

  it('401: without credentials', async () => {
    const answer = await app.http.post('/v1/api-keys').send({ name: 'Nobody' }).expect(401);
    expect(answer.body).toMatchObject({ code: 'missing_credentials' });
  });

  it('403: a bearer key cannot mint keys, and the attempt is a recorded use', async () => {
    const key = await app.createKey(ada.cookie);
    const answer = await app.http
      .post('/v1/api-keys')
      .set('authorization', `Bearer ${key.apiKey}`)
      .send({ name: 'Minted' })
      .expect(403);
    expect(answer.body).toMatchObject({ code: 'session_required' });
    const usage = await app.http
      .get(`/v1/usage?apiKeyId=${key.apiKeyId}`)
      .set('cookie', ada.cookie);
    expect(usage.body).toMatchObject({ events: [{ method: 'POST', endpoint: '/v1/api-keys' }] });
  });

  it('403: a page of another site cannot use the session', async () => {
    const answer = await create({ name: 'Forged' }).set('origin', 'https://evil.example');
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ code: 'foreign_origin' });
  });
});
