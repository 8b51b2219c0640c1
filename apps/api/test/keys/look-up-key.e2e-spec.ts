import { generateKey, hashKey } from '@keytrail/domain';
import { startTestApp } from '../harness/app.js';
import type { IssuedKey, SignedUp, TestApp } from '../harness/app.js';

let app: TestApp;
let ada: SignedUp;
let key: IssuedKey;

beforeAll(async () => {
  app = await startTestApp();
  ada = await app.signUp();
  key = await app.createKey(ada.cookie);
});
afterAll(() => app.stop());

const lookUp = (cookie: string, body: object) =>
  app.http.post('/v1/api-keys/lookup').set('cookie', cookie).send(body);

describe('POST /v1/api-keys/lookup', () => {
  it('200: the key whose whole text was hashed, also after its revocation', async () => {
    const secretHash = hashKey(key.apiKey);
    const found = await lookUp(ada.cookie, { secretHash }).expect(200);
    expect(found.body).toMatchObject({ id: key.apiKeyId, status: 'Active' });
    const revoked = await app.createKey(ada.cookie, 'Old');
    await app.http.delete(`/v1/api-keys/${revoked.apiKeyId}`).set('cookie', ada.cookie).expect(200);
    const after = await lookUp(ada.cookie, { secretHash: hashKey(revoked.apiKey) }).expect(200);
    expect(after.body).toMatchObject({ id: revoked.apiKeyId, status: 'Revoked' });
  });

  it('404: G6 a key of another account is answered as one that does not exist', async () => {
    const eve = await app.signUp('Eve');
    const foreign = await lookUp(eve.cookie, { secretHash: hashKey(key.apiKey) }).expect(404);
    const unknown = await lookUp(eve.cookie, { secretHash: hashKey(generateKey('axk')) });
    const { requestId: one, ...ofForeign } = foreign.body as Record<string, unknown>;
    const { requestId: other, ...ofUnknown } = unknown.body as Record<string, unknown>;
    expect(ofForeign).toEqual(ofUnknown);
    expect(one).not.toBe(other);
  });

  it.each([{}, { secretHash: 'abc' }, { secretHash: 'A'.repeat(64) }])(
    '400: %j is no hash of a key',
    async (body) => {
      const answer = await lookUp(ada.cookie, body).expect(400);
      expect(answer.body).toMatchObject({ errors: [{ field: 'secretHash' }] });
    },
  );

  it('400: a key itself is refused, and is in no answer', async () => {
    const answer = await lookUp(ada.cookie, { secretHash: key.apiKey }).expect(400);
    expect(answer.text).not.toContain(key.apiKey.slice(4, 34));
  });

  it('401: nobody is signed in', () =>
    app.http
      .post('/v1/api-keys/lookup')
      .send({ secretHash: hashKey(key.apiKey) })
      .expect(401));
});

describe('a whole key in a query', () => {
  const search = async (cookie: string, path: string): Promise<string> =>
    (await app.http.get(path).set('cookie', cookie).expect(200)).text;
  const idsIn = (text: string): string[] =>
    (JSON.parse(text) as { keys: { id: string }[] }).keys.map(({ id }) => id);

  it.each([
    ['whole', (apiKey: string) => apiKey],
    ['beside other words', (apiKey: string) => `Bearer%20${apiKey}`],
    ['percent-encoded twice', (apiKey: string) => apiKey.replace('_', '%255F')],
    ['with its end cut off', (apiKey: string) => apiKey.slice(0, -3)],
    ['with a typing mistake', (apiKey: string) => `${apiKey.slice(0, -1)}-`],
  ])('200: finds the key of the account, %s', async (_, typed) => {
    await app.createKey(ada.cookie, 'Another');
    const answer = await search(ada.cookie, `/v1/api-keys?q=${typed(key.apiKey)}`);
    expect(idsIn(answer)).toEqual([key.apiKeyId]);
    expect(answer).not.toContain(key.apiKey.slice(4, 34));
  });

  it('200: finds by the id of a key', async () => {
    expect(idsIn(await search(ada.cookie, `/v1/api-keys?q=${key.apiKeyId}`))).toEqual([
      key.apiKeyId,
    ]);
  });

  it('200: G6 finds nothing of another account, nor what only begins alike', async () => {
    const eve = await app.signUp('Eve');
    const own = await app.createKey(eve.cookie);
    const alike = own.keyPrefix + generateKey('axk').slice(8);
    for (const apiKey of [key.apiKey, alike, generateKey('axk')]) {
      expect(idsIn(await search(eve.cookie, `/v1/api-keys?q=${apiKey}`)).length).toBe(
        apiKey === alike ? 1 : 0,
      );
    }
  });

  it('200: is, as an actor, all that this key did, in the trail and in its export', async () => {
    const { apiKey, apiKeyId } = await app.createKey(ada.cookie, 'Actor');
    await app.http.get('/v1/me').set('authorization', `Bearer ${apiKey}`).expect(200);
    const trail = JSON.parse(await search(ada.cookie, `/v1/audit?actor=${apiKey}`)) as {
      entries: { type: string; apiKeyId: string }[];
    };
    expect(trail.entries).toMatchObject([{ type: 'KeyUsed', apiKeyId }]);
    const file = await search(ada.cookie, `/v1/audit/export?format=jsonl&actor=${apiKey}`);
    expect(file.trim().split('\n')).toHaveLength(1);
    const exported = await search(ada.cookie, '/v1/audit?type=AuditExported');
    expect(exported).toContain(`"actor":"${apiKeyId}"`);
    expect(app.logLines.join('')).not.toContain(apiKey.slice(4, 34));
  });
});
