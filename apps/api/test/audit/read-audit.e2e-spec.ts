import { jest } from '@jest/globals';
import type supertest from 'supertest';
import { CallerCheck } from '../../src/access/guard/caller-check.js';
import { unauthorized } from '../../src/access/permission/unauthorized.js';
import { startTestApp } from '../harness/app.js';
import type { IssuedKey, SignedUp, TestApp } from '../harness/app.js';
import type { AuditPage } from '../../src/audit/read-audit/audit.dto.js';

let app: TestApp;
let ada: SignedUp;
let first: IssuedKey;
let second: IssuedKey;

beforeAll(async () => {
  app = await startTestApp();
  ada = await app.signUp();
  first = await app.createKey(ada.cookie, 'First');
  second = await app.createKey(ada.cookie, 'Second');
  for (const key of [first, second, first]) {
    await app.http.get('/v1/me').set('authorization', `Bearer ${key.apiKey}`).expect(200);
  }
  await app.http.delete(`/v1/api-keys/${first.apiKeyId}`).set('cookie', ada.cookie).expect(200);
});
afterAll(() => app.stop());

const read = async (query = ''): Promise<AuditPage> => {
  const answer = await app.http.get(`/v1/audit?${query}`).set('cookie', ada.cookie).expect(200);
  return answer.body as AuditPage;
};
const types = ({ entries }: AuditPage): string[] => entries.map(({ type }) => type);

describe('GET /v1/audit', () => {
  it('200: the whole life of a key, in the order of the log', async () => {
    const page = await read(`apiKeyId=${first.apiKeyId}`);
    expect(types(page)).toEqual(['KeyCreated', 'KeyUsed', 'KeyUsed', 'KeyRevoked']);
    expect(Object.keys(page.entries[0] ?? {})).toEqual([
      'id',
      'position',
      'type',
      'at',
      'apiKeyId',
      'apiKeyName',
      'apiKeyPrefix',
      'actor',
      'ip',
      'userAgent',
      'requestId',
      'details',
    ]);
    expect(page.entries[0]).toMatchObject({
      apiKeyName: 'First',
      apiKeyPrefix: first.keyPrefix,
      actor: { type: 'user', id: ada.userId, label: ada.email },
    });
  });

  it('200: G7 one order: every entry has its position, rising', async () => {
    const { entries } = await read();
    const positions = entries.map(({ position }) => BigInt(position));
    expect(positions.length).toBeGreaterThan(6);
    expect([...positions].sort((a, b) => (a < b ? -1 : 1))).toEqual(positions);
    expect(new Set(positions).size).toBe(positions.length);
  });

  it('200: backwards when asked', async () => {
    const forwards = await read();
    const backwards = await read('order=desc');
    expect(backwards.entries).toEqual([...forwards.entries].reverse());
  });

  it.each(['asc', 'desc'])('200: pages without gap or repeat (%s)', async (order) => {
    const whole = await read(`order=${order}`);
    const ids: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: AuditPage = await read(`order=${order}&limit=3${more}`);
      ids.push(...page.entries.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(ids).toEqual(whole.entries.map(({ id }) => id));
  });

  it('200: by type, one or several', async () => {
    expect(types(await read('type=KeyRevoked'))).toEqual(['KeyRevoked']);
    expect(types(await read('type=KeyRevoked,KeyCreated'))).toEqual([
      'KeyCreated',
      'KeyCreated',
      'KeyRevoked',
    ]);
  });

  it('200: by actor: a person by address or id, a key by id or shown prefix', async () => {
    const byPerson = await read(`actor=${ada.email}`);
    expect(byPerson).toEqual(await read(`actor=${ada.userId}`));
    expect(byPerson).toEqual(await read(`actor=${ada.email.toUpperCase()}`));
    expect(types(byPerson)).toEqual(expect.arrayContaining(['KeyCreated', 'KeyRevoked']));
    expect(types(byPerson)).not.toContain('KeyUsed');
    const byKey = await read(`actor=${second.apiKeyId}`);
    expect(types(byKey)).toEqual(['KeyUsed']);
    expect(await read(`actor=${second.keyPrefix}`)).toEqual(byKey);
  });

  it('200: by time', async () => {
    const whole = await read();
    const middle = whole.entries[3]?.at ?? '';
    const from = await read(`from=${middle}`);
    const to = await read(`to=${middle}`);
    expect(from.entries.every(({ at }) => at >= middle)).toBe(true);
    expect(to.entries.every(({ at }) => at < middle)).toBe(true);
    expect(from.entries.length + to.entries.length).toBe(whole.entries.length);
    expect(types(await read('from=2001-01-01&to=2001-02-01T00:00:00Z'))).toEqual([]);
  });

  it('200: G6 nothing of another account', async () => {
    const eve = await app.signUp('Eve');
    const foreign = await app.http
      .get(`/v1/audit?apiKeyId=${first.apiKeyId}`)
      .set('cookie', eve.cookie);
    expect(foreign.body).toEqual({ entries: [], nextCursor: null });
    const { nextCursor } = await read('limit=1');
    await app.http
      .get(`/v1/audit?cursor=${nextCursor ?? ''}`)
      .set('cookie', eve.cookie)
      .expect(400);
  });

  it('400: a cursor of another list, filter or order', async () => {
    const { nextCursor } = await read('limit=1&type=KeyCreated');
    const cursor = `cursor=${nextCursor ?? ''}`;
    await read(`type=KeyCreated&${cursor}`);
    await read(`limit=7&order=asc&type=KeyCreated&${cursor}`);
    for (const path of [
      `/v1/audit?${cursor}`,
      `/v1/audit?type=KeyRevoked&${cursor}`,
      `/v1/audit?type=KeyCreated&order=desc&${cursor}`,
      `/v1/audit?type=KeyCreated&from=2001-01-01&${cursor}`,
      `/v1/usage?${cursor}`,
      `/v1/api-keys?${cursor}`,
    ]) {
      const answer = await app.http.get(path).set('cookie', ada.cookie).expect(400);
      expect(answer.body).toMatchObject({
        errors: [
          {
            field: 'cursor',
            message: 'belongs to another list, filter or order; begin again without it',
          },
        ],
      });
    }
  });

  it('200: ends for a key whose every page is an entry', async () => {
    const eve = await app.signUp('Eve');
    const { apiKey } = await app.createKey(eve.cookie);
    const found: string[] = [];
    for (let cursor: string | null = ''; cursor !== null && found.length < 50;) {
      const answer = await app.http
        .get(`/v1/audit?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`)
        .set('authorization', `Bearer ${apiKey}`)
        .expect(200);
      const page = answer.body as AuditPage;
      found.push(...types(page));
      cursor = page.nextCursor;
    }
    expect(found.slice(0, 3)).toEqual(['AccountOpened', 'MemberJoined', 'KeyCreated']);
    expect(found.length).toBeLessThan(6);
  });

  it('200: nothing of a key that could be and is not', async () => {
    expect(types(await read('apiKeyId=key_0000000000000000000000'))).toEqual([]);
  });

  it('400: an unknown type, with the types there are', async () => {
    const answer = await app.http.get('/v1/audit?type=KeyUsed,keyused').set('cookie', ada.cookie);
    expect(answer.status).toBe(400);
    expect((answer.body as { detail: string }).detail).toContain('KeyCreated, KeyUsed');
  });

  it('200: G5 never holds the hash of a secret', async () => {
    expect(JSON.stringify(await read())).not.toMatch(/secretHash|[0-9a-f]{64}/);
  });

  it.each([
    'from=yesterday',
    'from=2026-02-30',
    'to=2026-13-01',
    'from=1735689600',
    'order=up',
    'limit=1000',
    'cursor=%25',
    'type=%3Cscript%3E',
    'type=NoSuchType',
    'type=keyused',
    'apiKeyId=a&apiKeyId=b',
    'apiKeyId=nope',
    'apiKeyId=',
    'to=2026-01-01&from=2026-01-02',
    'account=acc_1',
  ])('400: ?%s', async (query) => {
    const answer = await app.http.get(`/v1/audit?${query}`).set('cookie', ada.cookie);
    expect(answer.status).toBe(400);
    const [error] = (answer.body as { errors: { field: string }[] }).errors;
    expect(error?.field).toBe(query.split('=')[0]);
  });

  it('401: without credentials', () => app.http.get('/v1/audit').expect(401));
});

describe('GET /v1/audit/export', () => {
  const download = (query: string) =>
    app.http.get(`/v1/audit/export?${query}`).set('cookie', ada.cookie).buffer(true);

  it('200: JSON lines, the same entries as the pages', async () => {
    const whole = await read('limit=100');
    const answer = await download('format=jsonl').parse(asText).expect(200);
    const text = answer.body as string;
    expect(answer.headers['content-type']).toContain('application/jsonl');
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(lines).toEqual(whole.entries);
  });

  it('200: CSV with a header row', async () => {
    const filter = `apiKeyId=${first.apiKeyId}`;
    const answer = await download(`format=csv&${filter}`).expect(200);
    expect(answer.headers['content-type']).toContain('text/csv');
    const [header, ...rows] = answer.text.trimEnd().split('\r\n');
    expect(header?.charCodeAt(0)).toBe(0xfeff);
    expect(header).toContain('"position","id","type","at","apiKeyId"');
    expect(rows).toHaveLength(4);
  });

  it('200: a file whose name tells the account and the time', async () => {
    const range = 'from=2001-01-01&to=2026-11-27T10:30:00.5%2B02:00';
    const answer = await download(`format=csv&${range}`).expect(200);
    expect(answer.headers['content-disposition']).toBe(
      `attachment; filename="audit-trail_${ada.accountId}_from-20010101T000000Z_to-20261127T083000Z.csv"`,
    );
  });

  it('200: a name that is a formula is no formula in the CSV', async () => {
    await app.createKey(ada.cookie, '=HYPERLINK("x")');
    const answer = await download('format=csv&type=KeyCreated').expect(200);
    expect(answer.text).toContain(`'=HYPERLINK`);
  });

  it('200: is itself an entry of the trail', async () => {
    await download('format=jsonl&type=KeyCreated').expect(200);
    const { entries } = await read('type=AuditExported&order=desc&limit=1');
    expect(entries[0]).toMatchObject({
      actor: { id: ada.userId },
      details: { format: 'jsonl', filters: { types: ['KeyCreated'] } },
    });
  });

  it('200: a HEAD says what it would be, and is no export', async () => {
    const exports = await read('type=AuditExported');
    const answer = await app.http
      .head('/v1/audit/export?format=csv')
      .set('cookie', ada.cookie)
      .expect(200);
    expect(answer.headers['content-type']).toContain('text/csv');
    expect(answer.headers['content-length']).toBeUndefined();
    expect(await read('type=AuditExported')).toEqual(exports);
  });

  it('200: G6 holds nothing of another account', async () => {
    const eve = await app.signUp('Eve');
    const answer = await app.http
      .get('/v1/audit/export?format=jsonl')
      .set('cookie', eve.cookie)
      .parse(asText)
      .expect(200);
    expect(answer.body as string).not.toContain(ada.accountId);
    expect(answer.body as string).not.toContain(first.apiKeyId);
  });

  it.each([
    '',
    'format=xml',
    'format=csv&from=x',
    'format=csv&limit=5',
    'format=csv&cursor=x',
    'format=csv&type=Foo',
    'format=csv&apiKeyId=nope',
    'format=csv&from=2026-01-02&to=2026-01-01',
  ])('400: ?%s', async (query) => {
    const answer = await download(query);
    expect(answer.status).toBe(400);
  });

  it('breaks off when the key is revoked before the next page of it', async () => {
    const refusal = jest.spyOn(app.get(CallerCheck), 'refusal');
    refusal.mockResolvedValue(unauthorized('revoked_key'));
    const answer = download('format=jsonl').parse(asText);
    const text = await answer.then(({ body }) => body as string, String);
    expect(refusal).toHaveBeenCalled();
    refusal.mockRestore();
    expect(text).not.toContain('KeyCreated');
  });

  it('401: without credentials', () => app.http.get('/v1/audit/export?format=csv').expect(401));
});

function asText(
  response: supertest.Response,
  done: (error: Error | null, text: string) => void,
): void {
  const stream = response as unknown as NodeJS.ReadableStream;
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text += chunk;
  });
  stream.on('end', () => {
    done(null, text);
  });
}
