import { startTestApp } from '../harness/app.js';
import type { IssuedKey, SignedUp, TestApp } from '../harness/app.js';
import type { KeyList } from '../../src/keys/list-keys/list-keys.dto.js';

let app: TestApp;
let ada: SignedUp;
const keys: IssuedKey[] = [];

beforeAll(async () => {
  app = await startTestApp();
  ada = await app.signUp();
  for (const name of [
    'Production Key',
    'Development',
    'CI/CD Pipeline',
    'Mobile App',
    'Old (2019)',
  ]) {
    keys.push(await app.createKey(ada.cookie, name));
  }
  const old = keys.at(-1)?.apiKeyId ?? '';
  await app.http.delete(`/v1/api-keys/${old}`).set('cookie', ada.cookie).expect(200);
});
afterAll(() => app.stop());

const list = async (query = ''): Promise<KeyList> => {
  const answer = await app.http.get(`/v1/api-keys${query}`).set('cookie', ada.cookie).expect(200);
  return answer.body as KeyList;
};
const names = ({ keys: listed }: KeyList): string[] => listed.map(({ name }) => name);

describe('GET /v1/api-keys', () => {
  it('200: newest first, with exactly the fields that front ends know', async () => {
    const answer = await list();
    expect(names(answer)).toEqual(keys.map(({ name }) => name).reverse());
    expect(answer.activeCount).toBe(4);
    expect(answer.nextCursor).toBeNull();
    expect(Object.keys(answer.keys[0] ?? {})).toEqual([
      'id',
      'name',
      'keyPrefix',
      'status',
      'createdAt',
      'createdBy',
      'lastUsedAt',
      'revokedAt',
      'revokedBy',
    ]);
    expect(answer.keys[1]).toMatchObject({
      status: 'Active',
      createdBy: ada.email,
      lastUsedAt: null,
      revokedAt: null,
      revokedBy: null,
    });
  });

  it('200: pages by cursor without gap or repeat', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: KeyList = await list(`?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...names(page));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(keys.map(({ name }) => name).reverse());
  });

  it('200: by status', async () => {
    expect(names(await list('?status=Revoked'))).toEqual(['Old (2019)']);
    expect(names(await list('?status=Active'))).toHaveLength(4);
  });

  it.each([
    ['mobile', ['Mobile App']],
    ['%28', ['Old (2019)']],
    ['.*', []],
    ['ci%2Fcd', ['CI/CD Pipeline']],
  ])('200: whose name has %s in it', async (q, expected) => {
    expect(names(await list(`?q=${q}`))).toEqual(expected);
  });

  it('200: whose shown prefix was given', async () => {
    const [key] = keys;
    expect(names(await list(`?q=${key?.keyPrefix ?? ''}`))).toContain(key?.name);
  });

  it('200: G3 a use is in the list at once', async () => {
    const [key] = keys;
    await app.http
      .get('/v1/me')
      .set('authorization', `Bearer ${key?.apiKey ?? ''}`)
      .expect(200);
    const listed = (await list()).keys.find(({ id }) => id === key?.apiKeyId);
    expect(listed?.lastUsedAt).toMatch(/Z$/);
  });

  it('200: with a bearer key of the account, as a recorded use', async () => {
    const bearer = `Bearer ${keys[1]?.apiKey ?? ''}`;
    const answer = await app.http.get('/v1/api-keys').set('authorization', bearer).expect(200);
    const own = (answer.body as KeyList).keys.find(({ id }) => id === keys[1]?.apiKeyId);
    expect(own?.lastUsedAt).toMatch(/Z$/);
  });

  it('200: G6 nothing of another account, whatever cursor is used', async () => {
    const eve = await app.signUp('Eve');
    const { nextCursor } = await list('?limit=1');
    const listed = await app.http.get('/v1/api-keys').set('cookie', eve.cookie);
    expect(listed.body).toEqual({ keys: [], activeCount: 0, nextCursor: null });
    await app.http
      .get(`/v1/api-keys?cursor=${nextCursor ?? ''}`)
      .set('cookie', eve.cookie)
      .expect(400);
  });

  it('200: by a name however its marks are typed', async () => {
    const eve = await app.signUp('Eve');
    const names = ['Caf\u00e9 one', 'Cafe\u0301 two'];
    for (const name of names) await app.createKey(eve.cookie, name);
    for (const q of ['caf\u00e9', 'cafe\u0301', 'CAFE\u0301']) {
      const answer = await app.http.get('/v1/api-keys').query({ q }).set('cookie', eve.cookie);
      const found = (answer.body as KeyList).keys.map(({ name }) => name);
      expect(found.sort()).toEqual([...names].sort());
    }
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=abc',
    'limit=1.5',
    'limit=',
    'limit=5&limit=6',
    'status=Sleeping',
    'cursor=abc',
    'cursor=%F0%9F%98%80',
    `q=${'x'.repeat(201)}`,
    'q=a&q=b',
    'sort=name',
  ])('400: ?%s', async (query) => {
    const answer = await app.http.get(`/v1/api-keys?${query}`).set('cookie', ada.cookie);
    expect(answer.status).toBe(400);
    const [error] = (answer.body as { errors: { field: string }[] }).errors;
    expect(error?.field).toBe(query.split('=')[0]);
  });

  it('401: without credentials', () => app.http.get('/v1/api-keys').expect(401));
});

describe('GET /v1/api-keys/{id}', () => {
  const get = (id: string, cookie = ada.cookie) =>
    app.http.get(`/v1/api-keys/${id}`).set('cookie', cookie);

  it('200: one of these', async () => {
    const id = keys[0]?.apiKeyId ?? '';
    const body = (await get(id).expect(200)).body as unknown;
    expect(body).toMatchObject({ id, name: 'Production Key', status: 'Active' });
  });

  it('404: one that does not exist, or of another account', async () => {
    const eve = await app.signUp('Eve');
    await get('key_0000000000000000000000').expect(404);
    await get('nonsense').expect(404);
    await get(keys[0]?.apiKeyId ?? '', eve.cookie).expect(404);
  });

  it('401: without credentials', () => app.http.get('/v1/api-keys/x').expect(401));
});
