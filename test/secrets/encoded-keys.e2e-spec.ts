import type { ReadPosition } from '@eventstore/db-client';
import { endOfLog, readLog } from '../support/read-log.js';
import { startTestApp } from '../../apps/api/test/harness/app.js';
import type { IssuedKey, SignedUp, TestApp } from '../../apps/api/test/harness/app.js';

let app: TestApp;
let ada: SignedUp;
let key: IssuedKey;
let before: ReadPosition;

beforeAll(async () => {
  app = await startTestApp();
  before = await endOfLog(app.stores.eventStoreUrl);
  ada = await app.signUp();
  key = await app.createKey(ada.cookie);
});
afterAll(() => app.stop());

const encodeAll = (text: string): string =>
  Array.from(text, (one) => `%${one.charCodeAt(0).toString(16)}`).join('');

const encodings: [string, (secret: string) => string][] = [
  ['its underscore encoded', (secret) => secret.replace('_', '%5F')],
  ['its underscore encoded twice', (secret) => secret.replace('_', '%255f')],
  ['a late character encoded', (secret) => secret.slice(0, 40) + encodeAll(secret.slice(40))],
  ['every character encoded', encodeAll],
];

/** What a reader could make of a text by decoding it as often as it takes. */
function decoded(text: string): string {
  const plain = text.replace(/%([0-9a-f]{2})/gi, (_, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );
  return plain === text ? text : decoded(plain);
}

/** The longest pieces of the secret that may be anywhere: the shown prefix and what is beside a cut. */
function holdsKey(text: string): boolean {
  const plain = decoded(text);
  return plain.includes(key.apiKey.slice(8, 30)) || plain.includes(key.apiKey.slice(38));
}

describe('G5 secrets stay secret: a key with', () => {
  it.each(encodings)('%s stands in no event, list, log line or error', async (_, encode) => {
    const secret = encode(key.apiKey);
    const bearer = { authorization: `Bearer ${key.apiKey}` };
    const session = { cookie: ada.cookie };
    const answers = [
      await app.http.get(`/v1/api-keys/${secret}`).set(bearer),
      await app.http.get(`/${secret}/${secret}`).set(bearer),
      await app.http.get('/v1/me').set(bearer).set('user-agent', `curl ${secret}`),
      await app.http
        .get('/v1/forward-auth')
        .set({ ...bearer, 'x-original-method': 'GET', 'x-original-uri': `/orders/${secret}?x` }),
      await app.http
        .post('/v1/verify')
        .set(bearer)
        .send({ apiKey: key.apiKey, request: { method: 'GET', path: `/orders/${secret}` } }),
      await app.http.post('/v1/api-keys').set(session).send({ name: secret }),
      await app.http.get(`/v1/audit/export?format=csv&actor=${secret}`).set(session),
      await app.http.get('/v1/audit?limit=100').set(session),
      await app.http.get('/v1/transactions').set(session),
      await app.http.get('/v1/api-keys').set(session),
    ];
    for (const [index, { text, headers }] of answers.entries()) {
      expect([index, holdsKey(text + JSON.stringify(headers))]).toEqual([index, false]);
    }
    expect(app.logLines.filter(holdsKey)).toEqual([]);
    const events = await readLog(app.stores.eventStoreUrl, before);
    expect(events.filter((event) => holdsKey(JSON.stringify(event.data)))).toEqual([]);
  });

  it.each(encodings)('%s is no name of a key', async (_, encode) => {
    const name = encode(key.apiKey);
    const answer = await app.http.post('/v1/api-keys').set('cookie', ada.cookie).send({ name });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('must not contain a key');
  });

  it('a reason for revoking holds no key with its underscore encoded', async () => {
    const { apiKeyId } = await app.createKey(ada.cookie);
    const reason = `leaked as ${key.apiKey.replace('_', '%5F')}`;
    await app.http.delete(`/v1/api-keys/${apiKeyId}`).set('cookie', ada.cookie).send({ reason });
    const trail = await app.http.get('/v1/audit?type=KeyRevoked').set('cookie', ada.cookie);
    expect(trail.text).toContain('leaked as axk_[redacted]');
  });
});

describe('G5 secrets stay secret: a refusal of an unknown field', () => {
  it.each(['query', 'body', 'nested object'])('never says a key in the %s', async (place) => {
    const { apiKey } = key;
    const answer =
      place === 'query'
        ? await app.http.get(`/v1/audit?${apiKey}=1`).set('cookie', ada.cookie)
        : place === 'body'
          ? await app.http
              .post('/v1/api-keys')
              .set('cookie', ada.cookie)
              .send({ name: 'ok', [apiKey]: 1 })
          : await app.http
              .post('/v1/verify')
              .set('authorization', `Bearer ${apiKey}`)
              .send({ apiKey, request: { method: 'GET', path: '/', [apiKey]: 1 } });
    expect(answer.status).toBe(400);
    expect(holdsKey(answer.text)).toBe(false);
    const { errors } = answer.body as { errors: { field: string; message: string }[] };
    expect(errors[0]?.field).toMatch(/axk_\[redacted\]$/);
    expect(errors[0]?.message).toBe('is not a known field');
  });
});
