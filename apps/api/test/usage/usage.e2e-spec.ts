import { startTestApp } from '../harness/app.js';
import type { IssuedKey, SignedUp, TestApp } from '../harness/app.js';
import type { UsageSeriesAnswer } from '../../src/usage/usage-series/usage-series.dto.js';
import type { Use } from '../../src/usage/list-usage/use.dto.js';

let app: TestApp;
let ada: SignedUp;
let busy: IssuedKey;
let quiet: IssuedKey;
const USES = 5;

beforeAll(async () => {
  app = await startTestApp();
  ada = await app.signUp();
  busy = await app.createKey(ada.cookie, 'Busy');
  quiet = await app.createKey(ada.cookie, 'Quiet');
  for (let use = 0; use < USES; use += 1) {
    await app.http.get('/v1/me').set('authorization', `Bearer ${busy.apiKey}`).expect(200);
  }
  await app.http.get('/v1/audit').set('authorization', `Bearer ${quiet.apiKey}`).expect(200);
});
afterAll(() => app.stop());

interface UsePage {
  readonly uses: readonly Use[];
  readonly nextCursor: string | null;
}

describe.each([
  ['/v1/usage', 'events'],
  ['/v1/transactions', 'transactions'],
])('GET %s', (path, member) => {
  const list = async (query = ''): Promise<UsePage> => {
    const answer = await app.http.get(`${path}?${query}`).set('cookie', ada.cookie).expect(200);
    const body = answer.body as Record<string, unknown>;
    expect(Object.keys(body)).toEqual([member, 'nextCursor']);
    return { uses: body[member] as Use[], nextCursor: body['nextCursor'] as string | null };
  };

  it('200: which key made each request, newest first', async () => {
    const { uses, nextCursor } = await list();
    expect(uses).toHaveLength(USES + 1);
    expect(nextCursor).toBeNull();
    expect(Object.keys(uses[0] ?? {})).toEqual([
      'id',
      'createdAt',
      'method',
      'endpoint',
      'apiKeyId',
      'apiKeyName',
      'apiKeyPrefix',
      'ip',
      'userAgent',
      'requestId',
    ]);
    expect(uses[0]).toMatchObject({
      method: 'GET',
      endpoint: '/v1/audit',
      apiKeyId: quiet.apiKeyId,
      apiKeyName: 'Quiet',
      apiKeyPrefix: quiet.keyPrefix,
    });
  });

  it('200: of one key, page by page', async () => {
    const ids: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: UsePage = await list(`apiKeyId=${busy.apiKeyId}&limit=2${more}`);
      ids.push(...page.uses.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(new Set(ids).size).toBe(USES);
    expect(ids).toHaveLength(USES);
  });

  it('200: within a time', async () => {
    expect((await list('from=2001-01-01&to=2001-01-02')).uses).toEqual([]);
    expect((await list('from=2001-01-01')).uses).toHaveLength(USES + 1);
  });

  it('200: G6 nothing of another account', async () => {
    const eve = await app.signUp('Eve');
    const answer = await app.http
      .get(`${path}?apiKeyId=${busy.apiKeyId}`)
      .set('cookie', eve.cookie)
      .expect(200);
    expect(answer.body).toEqual({ [member]: [], nextCursor: null });
  });

  it.each([
    'limit=0',
    'from=x',
    'to=x',
    'cursor=x',
    'endpoint=/v1/me',
    'apiKeyId=nope',
    'from=2026-01-02&to=2026-01-01',
    'from=2026-01-02&to=2026-01-02',
    'to=9999-12-31T23:59:59-01:00',
  ])('400: ?%s', async (query) => {
    const answer = await app.http.get(`${path}?${query}`).set('cookie', ada.cookie);
    expect(answer.status).toBe(400);
  });

  it('401: without credentials', () => app.http.get(path).expect(401));
});

describe('GET /v1/usage/series', () => {
  const series = async (query: string): Promise<UsageSeriesAnswer['buckets']> => {
    const answer = await app.http.get(`/v1/usage/series?${query}`).set('cookie', ada.cookie);
    expect(answer.status).toBe(200);
    return (answer.body as UsageSeriesAnswer).buckets;
  };

  it.each(['hour', 'day'])('200: counts uses per key and %s', async (bucket) => {
    const buckets = await series(`bucket=${bucket}`);
    const countOf = (id: string): number =>
      buckets.filter(({ apiKeyId }) => apiKeyId === id).reduce((sum, { count }) => sum + count, 0);
    expect(countOf(busy.apiKeyId)).toBe(USES);
    expect(countOf(quiet.apiKeyId)).toBe(1);
    const shape = bucket === 'hour' ? /T\d\d:00:00\.000Z$/ : /T00:00:00\.000Z$/;
    for (const { start } of buckets) expect(start).toMatch(shape);
  });

  it('200: says which time it counts, in whole hours and days', async () => {
    const query = 'from=2026-01-02T03:04:05Z&to=2026-01-03T04:05:06Z';
    const counted = async (bucket: string, times = query): Promise<unknown> => {
      const path = `/v1/usage/series?bucket=${bucket}&${times}`;
      return (await app.http.get(path).set('cookie', ada.cookie).expect(200)).body as unknown;
    };
    const hours = { from: '2026-01-02T03:00:00.000Z', to: '2026-01-03T05:00:00.000Z' };
    expect(await counted('hour')).toEqual({ ...hours, buckets: [] });
    const days = { from: '2026-01-02T00:00:00.000Z', to: '2026-01-04T00:00:00.000Z' };
    expect(await counted('day', `${query}&top=1`)).toEqual({ ...days, buckets: [], others: [] });
  });

  it('200: of one key', async () => {
    const buckets = await series(`bucket=hour&apiKeyId=${quiet.apiKeyId}`);
    expect(buckets.every(({ apiKeyId }) => apiKeyId === quiet.apiKeyId)).toBe(true);
  });

  it('200: of the most used key, and all others together', async () => {
    const answer = await app.http
      .get('/v1/usage/series?bucket=day&top=1')
      .set('cookie', ada.cookie)
      .expect(200);
    const { buckets, others = [] } = answer.body as UsageSeriesAnswer;
    expect(new Set(buckets.map(({ apiKeyId }) => apiKeyId))).toEqual(new Set([busy.apiKeyId]));
    expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(USES);
    expect(others).toEqual([
      { start: expect.stringMatching(/T00:00:00\.000Z$/) as string, count: 1 },
    ]);
  });

  it('200: G6 nothing of another account', async () => {
    const eve = await app.signUp('Eve');
    for (const query of ['bucket=day', `bucket=day&apiKeyId=${busy.apiKeyId}`]) {
      const answer = await app.http.get(`/v1/usage/series?${query}`).set('cookie', eve.cookie);
      expect(answer.body).toMatchObject({ buckets: [] });
    }
    const top = await app.http.get('/v1/usage/series?bucket=day&top=5').set('cookie', eve.cookie);
    expect(top.body).toMatchObject({ buckets: [], others: [] });
  });

  it('400: when it would have more than 20,000 counts, and how to ask for fewer', async () => {
    const max = await app.signUp('Max');
    const view = await app.models.views.current();
    const start = new Date('2026-03-01T10:00:00Z');
    const documents = Array.from({ length: 20_001 }, (_, index) => {
      const keyId = `key_${String(index).padStart(22, '0')}`;
      const _id = `${keyId} made up ${index}`;
      return { _id, accountId: max.accountId, keyId, bucket: 'hour', start, count: 1 };
    });
    await view.collection<(typeof documents)[number]>('usage').insertMany(documents);
    const ask = (query: string) =>
      app.http.get(`/v1/usage/series?bucket=hour&${query}`).set('cookie', max.cookie);
    const answer = await ask('from=2026-03-01&to=2026-03-02');
    expect(answer.status).toBe(400);
    expect((answer.body as { errors: { field: string; message: string }[] }).errors).toEqual([
      { field: 'from', message: expect.stringContaining('shorter time') as string },
    ]);
    await ask('from=2026-03-01&to=2026-03-02&top=5').expect(200);
  });

  it.each([
    '',
    'bucket=hour&top=100&from=2026-01-01&to=2026-01-31',
    'bucket=week',
    'bucket=hour&from=x',
    'bucket=hour&from=2026-01-02&to=2026-01-01',
    'bucket=hour&from=2026-01-02&to=2026-01-02',
    'bucket=hour&from=9999-01-01',
    'bucket=hour&from=2020-01-01&to=2026-01-01',
    'bucket=day&limit=5',
    'bucket=day&apiKeyId=nope',
    'bucket=day&top=0',
    'bucket=day&top=101',
    'bucket=day&top=5&apiKeyId=key_0000000000000000000000',
  ])('400: ?%s', async (query) => {
    const answer = await app.http.get(`/v1/usage/series?${query}`).set('cookie', ada.cookie);
    expect(answer.status).toBe(400);
    expect((answer.body as { errors: unknown[] }).errors.length).toBeGreaterThan(0);
  });

  it('401: without credentials', () => app.http.get('/v1/usage/series?bucket=day').expect(401));
});
