import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { generateKey, hashKey } from '@keytrail/domain';
import { CredentialLookUp } from '../../src/access/key-check/credential-look-up.js';
import { KeyCheck } from '../../src/access/key-check/key-check.js';
import { UsageRecorder } from '../../src/access/key-check/usage-recorder.js';
import { FairTurns } from '@keytrail/platform';
import { recordOf } from '../../src/http/caller-record.js';
import { limits } from '../../src/http/limits.js';
import { SignIn } from '../../src/sessions/sign-in.js';
import { HeldCredentials } from '../../src/stores/held-credentials.js';
import { startTestApp } from '../harness/app.js';
import type { IssuedKey, TestApp } from '../harness/app.js';

let app: TestApp;
let ofAda: IssuedKey;
let ofEve: IssuedKey;
let adasCookie: string;
let accountOfAda: string;
let accountOfEve: string;
beforeAll(async () => {
  app = await startTestApp();
  const [ada, eve] = [await app.signUp('Ada'), await app.signUp('Eve')];
  [accountOfAda, accountOfEve] = [ada.accountId, eve.accountId];
  adasCookie = ada.cookie;
  [ofAda, ofEve] = [await app.createKey(ada.cookie), await app.createKey(eve.cookie)];
  // From here on it is known whose they are.
  for (const { apiKey } of [ofAda, ofEve]) {
    await app.http.get('/v1/me').set('authorization', `Bearer ${apiKey}`).expect(200);
  }
});
afterAll(() => app.stop());

const ip = '192.0.2.1';
const caller = () =>
  recordOf({ requestId: randomUUID(), method: 'GET', path: '/', ip, userAgent: null });

/** How many of a flood were turned away, and what became of the one who came after it. */
async function outcome(flood: readonly Promise<unknown>[], after: Promise<unknown>) {
  const settled = await Promise.allSettled(flood);
  const codes = settled.flatMap((one) =>
    one.status === 'rejected' ? [(one.reason as { code?: string }).code] : [],
  );
  await after;
  return { refused: codes.length, codes: [...new Set(codes)] };
}

const many = <Result>(count: number, once: () => Promise<Result>): Promise<Result>[] =>
  Array.from({ length: count }, once);

it('the uses of one account fill its share of the queue and no more', async () => {
  const uses = app.get(UsageRecorder);
  const record = ({ apiKeyId, name, keyPrefix }: IssuedKey, accountId: string) =>
    uses.record({ kind: 'key', keyId: apiKeyId, accountId, name, keyPrefix }, caller());
  const beyond = 3;
  const flood = many(limits.keyUses.maxWaitingPerGroup + beyond, () => record(ofAda, accountOfAda));
  const { refused, codes } = await outcome(flood, record(ofEve, accountOfEve));
  expect([refused, codes]).toEqual([beyond, ['share_full']]);
});

it('the uses of an account do not wait behind all those of another', async () => {
  const uses = app.get(UsageRecorder);
  const append = jest.spyOn(app.log, 'appendEncoded');
  const record = ({ apiKeyId, name, keyPrefix }: IssuedKey, accountId: string) =>
    uses.record({ kind: 'key', keyId: apiKeyId, accountId, name, keyPrefix }, caller());
  const flood = many(3 * limits.keyUses.maxBatch, () => record(ofAda, accountOfAda));
  await record(ofEve, accountOfEve);
  await Promise.all(flood);
  const [[, first] = []] = append.mock.calls;
  const accounts = first?.map(({ data }) => (data.data as { accountId: string }).accountId);
  expect(accounts).toContain(accountOfEve);
  append.mockRestore();
});

it('guarded requests of one account that are under way are so many, and others go on', async () => {
  const lookUps = app.get(CredentialLookUp);
  const { atOncePerGroup } = limits.guarded;
  const looks = jest.spyOn(lookUps, 'findByHash');
  const ofThem = ({ apiKey }: IssuedKey): number =>
    looks.mock.calls.filter(([hash]) => hash === hashKey(apiKey)).length;
  const check = ({ apiKey }: IssuedKey) => app.get(KeyCheck).check(apiKey, caller());
  const flood = many(2 * atOncePerGroup, () => check(ofAda));
  const other = check(ofEve);
  expect([ofThem(ofAda), ofThem(ofEve)]).toEqual([atOncePerGroup, 1]);
  await Promise.all([...flood, other]);
  looks.mockRestore();
});

describe('look-ups of one session', () => {
  /** Cookies in which the sign-in library finds the same session. */
  const spellings = (cookie: string): string[] => {
    const [name = '', value = ''] = cookie.split(/=(.*)/);
    const coded = `%${value.charCodeAt(0).toString(16)}${value.slice(1)}`;
    return [
      cookie,
      `other=1; ${cookie}`,
      `${cookie}; ${name}=another.session`,
      `${name}="${value}"`,
      `${name}=${coded}`,
      `  ${cookie} ; y=2`,
    ];
  };

  it.each([0, 1, 2, 3, 4, 5])(
    'are those of a person who is signed in (spelling %s)',
    async (at) => {
      const cookie = spellings(adasCookie)[at] ?? '';
      await app.http.get('/v1/accounts').set('cookie', cookie).expect(200);
    },
  );

  it('are so many at a time, however its cookie is spelled', async () => {
    let goOn: (nobody: null) => void = () => undefined;
    const waiting = new Promise<null>((resolve) => (goOn = resolve));
    const looks = jest.spyOn(app.get(SignIn).auth.api, 'getSession').mockReturnValue(waiting);
    const asked = jest.spyOn(FairTurns.prototype, 'take');
    const cookies = spellings(adasCookie);
    const answers = cookies.map((cookie) => app.http.get('/v1/accounts').set('cookie', cookie));
    const settled = Promise.all(answers.map((answer) => answer.then(({ status }) => status)));
    while (asked.mock.calls.length < cookies.length) await new Promise(setImmediate);
    expect(looks.mock.calls).toHaveLength(limits.sessionLookUps.atOncePerGroup);
    goOn(null);
    expect(new Set(await settled)).toEqual(new Set([401]));
    asked.mockRestore();
    looks.mockRestore();
  });
});

it('the look-ups of one account, or of keys that nobody knows, fill their share and no more', async () => {
  const byHeart = jest.spyOn(app.get(HeldCredentials), 'get').mockReturnValue(undefined);
  const lookUps = app.get(CredentialLookUp);
  const { maxWaitingPerGroup } = limits.keyLookUps;
  const known = many(maxWaitingPerGroup + 1, () => lookUps.find(ofAda.apiKey, '192.0.2.2'));
  const unknown = many(maxWaitingPerGroup + 1, () => lookUps.find(generateKey('axk'), ip));
  const other = lookUps.find(ofEve.apiKey, ip);
  expect(await outcome([...known, ...unknown], other)).toEqual({
    refused: 2,
    codes: ['share_full'],
  });
  expect((await other)?.accountId).toBe(accountOfEve);
  byHeart.mockRestore();
});

it('a key that is known by heart counts towards its account, also when more were looked up since', async () => {
  const remembered = jest.replaceProperty(limits, 'rememberedAccounts', 1 as never);
  const lookUps = app.get(CredentialLookUp);
  const forgotten = jest.spyOn(app.get(HeldCredentials), 'get').mockReturnValue(undefined);
  for (const { apiKey } of [ofAda, ofEve]) await lookUps.find(apiKey, ip);
  forgotten.mockRestore();
  expect(lookUps.groupOf(hashKey(ofAda.apiKey), ip)).toBe(accountOfAda);
  remembered.restore();
});

it('429: whose account has too many waiting is told to wait', async () => {
  const uses = app.get(UsageRecorder);
  const full = Object.assign(new Error('full'), { code: 'share_full' });
  const record = jest.spyOn(uses, 'record').mockRejectedValue(full);
  const answer = await app.http.get('/v1/me').set('authorization', `Bearer ${ofAda.apiKey}`);
  record.mockRestore();
  expect(answer.status).toBe(429);
  expect(answer.headers['retry-after']).toBe('1');
  expect(answer.body).toMatchObject({ code: 'rate_limited' });
});
