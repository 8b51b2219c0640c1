import type { IssuedKey, SignedUp, TestApp } from '../../apps/api/test/harness/app.js';
import { as } from './as.js';

/** More documents than the server puts into the first batch of a cursor. */
const USES = 120;

const bearer = ({ apiKey }: IssuedKey): string => `Bearer ${apiKey}`;

/** Keys made, used through every door, revoked, and refused. */
export async function useKeys(app: TestApp, ada: SignedUp): Promise<void> {
  const [used, spare] = [
    await app.createKey(ada.cookie, 'In use'),
    await app.createKey(ada.cookie, 'Spare'),
  ];
  await app.http
    .post('/v1/api-keys')
    .set({ cookie: ada.cookie, 'idempotency-key': 'once' })
    .send({ name: 'Made once' })
    .expect(201);
  for (let use = 0; use < USES; use += 10) {
    await Promise.all(Array.from({ length: 10 }, () => callWith(app, used)));
  }
  await app.http
    .post('/v1/verify')
    .set('authorization', bearer(used))
    .send({ apiKey: spare.apiKey, request: { method: 'GET', path: '/orders', ip: '192.0.2.7' } })
    .expect(200);
  await app.http
    .get('/v1/forward-auth')
    .set({ authorization: bearer(used), 'x-original-method': 'GET', 'x-original-uri': '/orders' })
    .expect(200);
  await as(app, ada).delete(`/v1/api-keys/${spare.apiKeyId}`);
  await app.http.get('/v1/me').set('authorization', bearer(spare)).expect(401);
}

export const callWith = (app: TestApp, key: IssuedKey): PromiseLike<unknown> =>
  app.http.get('/v1/me').set('authorization', bearer(key)).expect(200);

/** Every list with each of its filters, every export, and the event feed. */
export async function readEverything(app: TestApp, ada: SignedUp): Promise<void> {
  const { get } = as(app, ada);
  const { apiKeyId, keyPrefix } = await app.createKey(ada.cookie, 'Looked at');
  const window = 'from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z';
  await get('/v1/me');
  await get(`/v1/api-keys/${apiKeyId}`);
  await pages(get, '/v1/api-keys?limit=1');
  for (const query of ['status=Active', 'status=Revoked', 'q=look', 'status=Active&q=LOOK']) {
    await get(`/v1/api-keys?${query}`);
  }
  for (const list of ['/v1/usage', '/v1/transactions']) {
    await pages(get, `${list}?limit=50`);
    for (const query of [`apiKeyId=${apiKeyId}`, window, `apiKeyId=${apiKeyId}&${window}`]) {
      await get(`${list}?${query}`);
    }
  }
  for (const bucket of ['hour', 'day']) {
    const series = `/v1/usage/series?bucket=${bucket}`;
    for (const query of ['', `&apiKeyId=${apiKeyId}`, '&top=3']) await get(`${series}${query}`);
  }
  const filters = [
    `apiKeyId=${apiKeyId}`,
    'type=KeyCreated',
    'type=KeyUsed,KeyRevoked',
    `actor=${ada.userId}`,
    `actor=${encodeURIComponent(ada.email)}`,
    `actor=${keyPrefix}`,
    window,
    `type=KeyCreated&actor=${ada.userId}&${window}`,
  ];
  for (const order of ['asc', 'desc']) {
    await pages(get, `/v1/audit?limit=100&order=${order}`);
    for (const filter of filters) await get(`/v1/audit?order=${order}&${filter}`);
  }
  for (const format of ['csv', 'jsonl']) await get(`/v1/audit/export?format=${format}&${window}`);
  await get('/v1/events?from=start');
  await get('/v1/events?from=start&types=keytrail.key.*');
  await app.http.get('/healthz/ready').expect(200);
}

/** The first page and the one behind it. */
async function pages(get: ReturnType<typeof as>['get'], path: string): Promise<void> {
  const { nextCursor } = (await get(path)).body as { nextCursor?: string | null };
  if (typeof nextCursor !== 'string') throw new Error(`${path} has one page only`);
  await get(`${path}&cursor=${encodeURIComponent(nextCursor)}`);
}
