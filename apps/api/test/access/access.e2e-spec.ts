import { generateKey } from '@keytrail/domain';
import { startTestApp } from '../harness/app.js';
import type { IssuedKey, SignedUp, TestApp } from '../harness/app.js';

let app: TestApp;
let ada: SignedUp;
let key: IssuedKey;

beforeAll(async () => {
  app = await startTestApp();
  ada = await app.signUp();
  key = await app.createKey(ada.cookie, 'Checked');
});
afterAll(() => app.stop());

const call = (authorization?: string) => {
  const request = app.http.get('/v1/me');
  return authorization === undefined ? request : request.set('authorization', authorization);
};

interface Entries {
  readonly entries: readonly Record<string, unknown>[];
}

async function entries(query: string): Promise<Entries['entries']> {
  const answer = await app.http.get(`/v1/audit?${query}`).set('cookie', ada.cookie).expect(200);
  return (answer.body as Entries).entries;
}

describe('the bearer guard', () => {
  it('lets an active key through and says whose it is', async () => {
    const body = (await call(`Bearer ${key.apiKey}`).expect(200)).body as unknown;
    expect(body).toEqual({
      account: { id: ada.accountId, name: 'Ada' },
      apiKey: { id: key.apiKeyId, name: 'Checked', keyPrefix: key.keyPrefix },
    });
  });

  it('takes the scheme in any case', () => call(`bearer ${key.apiKey}`).expect(200));

  it('G1 audit before answer: the use is in the trail with all that is known of it', async () => {
    const other = await app.createKey(ada.cookie, 'Traced');
    const answer = await app.http
      .get('/v1/api-keys?q=in-the-query')
      .set('authorization', `Bearer ${other.apiKey}`)
      .set('user-agent', 'spec/1.0')
      .expect(200);
    const [use, ...more] = await entries(`apiKeyId=${other.apiKeyId}&type=KeyUsed`);
    expect(more).toEqual([]);
    expect(use).toMatchObject({
      apiKeyName: 'Traced',
      apiKeyPrefix: other.keyPrefix,
      actor: { type: 'apiKey', id: other.apiKeyId, label: other.keyPrefix },
      userAgent: 'spec/1.0',
      requestId: answer.headers['x-request-id'],
      details: { method: 'GET', path: '/v1/api-keys' },
    });
    expect(JSON.stringify(use)).not.toContain('in-the-query');
  });

  const cases: [string, () => string | undefined, string][] = [
    ['no credentials', () => undefined, 'missing_credentials'],
    ['an empty header', () => '', 'malformed_authorization'],
    ['another scheme', () => 'Basic YTpi', 'malformed_authorization'],
    ['the scheme alone', () => 'Bearer', 'malformed_authorization'],
    ['two spaces', () => `Bearer  ${key.apiKey}`, 'malformed_authorization'],
    ['something behind the key', () => `Bearer ${key.apiKey} x`, 'malformed_authorization'],
    ['the key alone', () => key.apiKey, 'malformed_authorization'],
    [
      'a typo',
      () => `Bearer ${key.apiKey.slice(0, -1)}${key.apiKey.endsWith('0') ? '1' : '0'}`,
      'malformed_key',
    ],
    ['a key cut short', () => `Bearer ${key.apiKey.slice(0, 30)}`, 'malformed_key'],
    ['another prefix word', () => `Bearer ${generateKey('abc')}`, 'malformed_key'],
    ['a key that was never issued', () => `Bearer ${generateKey('axk')}`, 'unknown_key'],
  ];

  it.each(cases)('401 with a challenge for %s', async (_, header, code) => {
    const answer = await call(header());
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body).toMatchObject({
      status: 401,
      code,
      requestId: answer.headers['x-request-id'],
    });
  });

  it('401 wrong_account when the request names another account', async () => {
    const eve = await app.signUp('Eve');
    const answer = await call(`Bearer ${key.apiKey}`).set('keytrail-account', eve.accountId);
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ code: 'wrong_account' });
    await call(`Bearer ${key.apiKey}`).set('keytrail-account', ada.accountId).expect(200);
  });

  it('401 revoked_key on the very next request, and attempts are in the trail', async () => {
    const revoked = await app.createKey(ada.cookie, 'Short-lived');
    await app.http.delete(`/v1/api-keys/${revoked.apiKeyId}`).set('cookie', ada.cookie).expect(200);
    const answer = await call(`Bearer ${revoked.apiKey}`);
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ code: 'revoked_key' });
    await eventually(async () => {
      const [refusal] = await entries(`apiKeyId=${revoked.apiKeyId}&type=KeyRefused`);
      expect(refusal).toMatchObject({ details: { reason: 'revoked_key', count: 1 } });
    });
  });

  it('folds a flood of attempts with a revoked key into few events that count them all', async () => {
    const flooded = await app.createKey(ada.cookie, 'Flooded');
    await app.http.delete(`/v1/api-keys/${flooded.apiKeyId}`).set('cookie', ada.cookie).expect(200);
    const attempts = 200;
    await Promise.all(
      Array.from({ length: attempts }, () => call(`Bearer ${flooded.apiKey}`).expect(401)),
    );
    await eventually(async () => {
      const refusals = await entries(`apiKeyId=${flooded.apiKeyId}&type=KeyRefused`);
      const counted = refusals.map(({ details }) => (details as { count: number }).count);
      expect(counted.reduce((sum, count) => sum + count, 0)).toBe(attempts);
      expect(refusals.length).toBeLessThan(attempts / 10);
    });
  });

  it('keeps the callers of a revoked key apart, and notes who probes an active one', async () => {
    const stolen = await app.createKey(ada.cookie, 'Stolen');
    const from = (ip: string) => call(`Bearer ${stolen.apiKey}`).set('x-forwarded-for', ip);
    await from('192.0.2.9').set('keytrail-account', 'acc_none').expect(401);
    await app.http.delete(`/v1/api-keys/${stolen.apiKeyId}`).set('cookie', ada.cookie).expect(200);
    const addresses = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'];
    for (const ip of addresses) await from(ip).expect(401);
    await eventually(async () => {
      const refusals = await entries(`apiKeyId=${stolen.apiKeyId}&type=KeyRefused`);
      expect(refusals).toHaveLength(5);
      expect(refusals).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            ip: '192.0.2.9',
            details: expect.objectContaining({ reason: 'wrong_account', count: 1 }) as object,
          }),
          ...addresses.map((ip) => expect.objectContaining({ ip }) as object),
        ]),
      );
    });
  });

  it('is closed to sessions that are no longer valid', async () => {
    const answer = await app.http.get('/v1/me').set('cookie', 'keytrail.session_token=forged.abc');
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ code: 'missing_credentials' });
  });
});

/** Repeats an expectation until it holds, for what is recorded without being waited for. */
async function eventually(expectation: () => Promise<void>): Promise<void> {
  const giveUpAt = performance.now() + 10_000;
  for (;;) {
    try {
      await expectation();
      return;
    } catch (error) {
      if (performance.now() > giveUpAt) throw error;
    }
  }
}
