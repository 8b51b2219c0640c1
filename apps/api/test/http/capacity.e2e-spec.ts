import { once } from 'node:events';
import { get, ServerResponse } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { jest } from '@jest/globals';
import { Capacity } from '../../src/http/capacity.js';
import type { Work } from '../../src/http/capacity.js';
import { limits } from '../../src/http/limits.js';
import { startTestApp } from '../harness/app.js';
import type { IssuedKey, SignedUp, TestApp } from '../harness/app.js';

let app: TestApp;
let ada: SignedUp;
let eve: SignedUp;
let key: IssuedKey;
let another: IssuedKey;
beforeAll(async () => {
  app = await startTestApp();
  [ada, eve] = [await app.signUp('Ada'), await app.signUp('Eve')];
  [key, another] = [await app.createKey(ada.cookie), await app.createKey(ada.cookie)];
});
afterAll(() => app.stop());

/** Whose answer is not read: it and all behind it stay where they are. */
async function begin(path: string, { apiKey }: IssuedKey): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${apiKey}`, accept: 'text/event-stream' };
  const request = get(app.baseUrl + path, { headers, agent: false });
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  return answer;
}

const statusesOf = (answers: readonly IncomingMessage[]): (number | undefined)[] =>
  answers.map(({ statusCode }) => statusCode);

async function times<Result>(count: number, once: () => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, once));
}

describe('what takes memory', () => {
  it('feeds: so many are open of one key and of one account, and then another can be opened', async () => {
    const { perCaller, perAccount } = limits.concurrency.feeds;
    const open = await times(perCaller, () => begin('/v1/events', key));
    expect(new Set(statusesOf(open))).toEqual(new Set([200]));
    const refused = await begin('/v1/events', key);
    expect(refused.statusCode).toBe(429);
    expect(refused.headers['retry-after']).toBe('1');
    open.push(...(await times(perAccount - perCaller, () => begin('/v1/events', another))));
    expect(statusesOf([await begin('/v1/events', await app.createKey(ada.cookie))])).toEqual([429]);
    await app.http.get('/v1/events').set('cookie', eve.cookie).expect(200);
    open.shift()?.destroy();
    // The server notices a moment later that the reader has gone.
    let status: number;
    do {
      ({ status } = await app.http.get('/v1/events').set('authorization', `Bearer ${key.apiKey}`));
    } while (status === 429);
    expect(status).toBe(200);
    for (const answer of open) answer.destroy();
  });

  it('exports: so many are open of one key whose files nobody reads', async () => {
    const { perCaller } = limits.concurrency.exports;
    const path = '/v1/audit/export?format=jsonl';
    const pipe = jest.spyOn(ServerResponse.prototype, 'end').mockReturnThis();
    const open = await times(perCaller, () => begin(path, key));
    pipe.mockRestore();
    expect(statusesOf(open)).toEqual(Array(perCaller).fill(200));
    expect((await begin(path, key)).statusCode).toBe(429);
    expect((await begin(path, another)).statusCode).toBe(200);
    for (const answer of open) answer.destroy();
  });

  it('changes: creating a key is one of them', async () => {
    const held = await heldFor(() => app.createKey(eve.cookie));
    expect(held).toEqual([['changes', eve.accountId]]);
  });

  it.each<[Work, string]>([
    ['exports', '/v1/audit/export?format=jsonl'],
    ['series', '/v1/usage/series?bucket=day'],
    ['reads', '/v1/api-keys'],
    ['reads', '/v1/api-keys/key_x'],
    ['reads', '/v1/usage'],
    ['reads', '/v1/transactions'],
    ['reads', '/v1/audit'],
    ['reads', '/v1/members'],
    ['feeds', '/v1/events?wait=1'],
  ])('%s: %s is one of them', async (kind, path) => {
    const held = await heldFor(() =>
      app.http
        .get(path)
        .set('cookie', eve.cookie)
        .timeout(2_000)
        .catch(() => undefined),
    );
    expect(held).toEqual([[kind, eve.accountId]]);
  });

  it('reads: who is signed in is one of them, for whom no account is known yet', async () => {
    const held = await heldFor(() => app.http.get('/v1/session').set('cookie', eve.cookie));
    expect(held.map(([kind]) => kind)).toEqual(['reads']);
  });

  it.each([
    ['/v1/me', 'get'],
    ['/v1/forward-auth', 'get'],
    ['/v1/verify', 'post'],
  ] as const)('%s takes no more than its guard, whose queues have limits', async (path, method) => {
    const held = await heldFor(() =>
      app.http[method](path).set('authorization', `Bearer ${key.apiKey}`),
    );
    expect(held).toEqual([]);
  });
});

/** Which kinds of places a request takes, and of which account. */
async function heldFor(request: () => PromiseLike<unknown>): Promise<[Work, string][]> {
  const hold = jest.spyOn(app.get(Capacity), 'hold');
  try {
    await request();
    return hold.mock.calls.map(([kind, { account }]) => [kind, account]);
  } finally {
    hold.mockRestore();
  }
}

describe('the time of the stores', () => {
  it('is for reads of every account in turn', async () => {
    const capacity = app.get(Capacity);
    const begun: string[] = [];
    const ends: (() => void)[] = [];
    const work = (account: string) => () => {
      begun.push(account);
      return new Promise<void>((resolve) => ends.push(resolve));
    };
    const { atOnce, atOncePerGroup } = limits.atWork.reads;
    const busy = Array.from({ length: atOnce / atOncePerGroup }, (_, index) => `acc_${index}`);
    const all = busy.flatMap((account) =>
      Array.from({ length: 20 }, () => capacity.take('reads', account, work(account))),
    );
    expect(begun).toHaveLength(atOnce);
    all.push(capacity.take('reads', 'acc_quiet', work('acc_quiet')));
    for (let ended = 0; ended < all.length; ended += 1) {
      ends[ended]?.();
      await new Promise(setImmediate);
    }
    await Promise.all(all);
    expect(begun.indexOf('acc_quiet')).toBeLessThanOrEqual(atOnce + busy.length);
  });
});
