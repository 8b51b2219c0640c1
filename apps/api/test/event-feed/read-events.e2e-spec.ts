import { jest } from '@jest/globals';
import { startTestApp } from '../harness/app.js';
import type { SignedUp, TestApp } from '../harness/app.js';
import { join } from '../harness/people.js';
import { FeedClient } from '../../../../test/support/feed-client.js';
import type { Envelope } from '../../../../test/support/feed-client.js';

interface Page {
  readonly events: readonly Envelope[];
  readonly nextPosition: string;
}

jest.setTimeout(30_000);

/** Where no event log answers. */
const nowhere = 'esdb://127.0.0.1:1?tls=false';

describe('GET /v1/events', () => {
  let app: TestApp;
  let ada: SignedUp;
  const clients: FeedClient[] = [];
  beforeAll(async () => {
    app = await startTestApp();
    ada = await app.signUp();
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });
  afterAll(() => app.stop());

  const follow = (headers: Record<string, string>, query = '', lastEventId?: string) => {
    const client = new FeedClient(app.baseUrl, {
      headers,
      query,
      ...(lastEventId !== undefined && { lastEventId }),
    });
    clients.push(client);
    return client;
  };
  const page = async (query: string, cookie = ada.cookie): Promise<Page> => {
    const answer = await app.http.get(`/v1/events${query}`).set('cookie', cookie).expect(200);
    return answer.body as Page;
  };
  /** A page may end behind its last event where others write into the log, too. */
  const commitOf = (position: string): bigint => BigInt(position.replace(/-.*/, ''));
  const isUsed = async (keyId: string, cookie = ada.cookie): Promise<void> => {
    for (;;) {
      const uses = await app.http.get(`/v1/usage?apiKeyId=${keyId}`).set('cookie', cookie);
      if ((uses.body as { events: unknown[] }).events.length > 0) return;
    }
  };
  const revoke = (person: SignedUp, keyId: string) =>
    app.http.delete(`/v1/api-keys/${keyId}`).set('cookie', person.cookie).expect(200);

  it('200: a page from the start holds what was acknowledged before it, in the order of the log', async () => {
    const { apiKeyId, keyPrefix } = await app.createKey(ada.cookie, 'First');
    const { events, nextPosition } = await page('?from=start&limit=100');
    expect(events.map(({ type }) => type).slice(0, 2)).toEqual([
      'keytrail.account.opened.v1',
      'keytrail.member.joined.v1',
    ]);
    expect(events.map(({ sequence }) => sequence)).toEqual(
      events.map(({ sequence }) => sequence).sort(),
    );
    const last = events.at(-1);
    expect(last).toMatchObject({
      specversion: '1.0',
      source: `urn:keytrail:account:${ada.accountId}`,
      type: 'keytrail.key.created.v1',
      subject: apiKeyId,
      datacontenttype: 'application/json',
      data: { accountId: ada.accountId, keyId: apiKeyId, name: 'First', keyPrefix },
    });
    expect(commitOf(nextPosition)).toBeGreaterThanOrEqual(BigInt(last?.sequence ?? ''));
    expect(JSON.stringify(events)).not.toMatch(/hash/i);
  });

  it('200: pages of any size join without gap or repeat', async () => {
    for (const name of ['One', 'Two', 'Three']) await app.createKey(ada.cookie, name);
    const whole = await page('?from=start&limit=100');
    const joined: Envelope[] = [];
    let from = 'start';
    while (joined.length < whole.events.length) {
      const { events, nextPosition } = await page(`?from=${from}&limit=2`);
      joined.push(...events);
      from = nextPosition;
    }
    expect(joined).toEqual(whole.events);
    expect((await page(`?from=${from}`)).events).toEqual([]);
  });

  it('200: a page that waits answers with the first event that happens', async () => {
    const { nextPosition } = await page('');
    const waiting = page(`?from=${nextPosition}&wait=20`);
    const { apiKeyId } = await app.createKey(ada.cookie);
    expect((await waiting).events).toMatchObject([{ subject: apiKeyId }]);
  });

  it('200: a page that waits for nothing answers with the position it got to', async () => {
    const { nextPosition } = await page('');
    const later = await page(`?from=${nextPosition}&wait=1`);
    expect(later.events).toEqual([]);
    expect(commitOf(later.nextPosition)).toBeGreaterThanOrEqual(commitOf(nextPosition));
  });

  it('200: two who wait with keys wake neither themselves nor each other', async () => {
    const [one, two] = [
      await app.createKey(ada.cookie, 'Reader one'),
      await app.createKey(ada.cookie, 'Reader two'),
    ];
    const { nextPosition } = await page('?from=now');
    const wait = (apiKey: string) =>
      app.http
        .get(`/v1/events?from=${nextPosition}&wait=20`)
        .set('authorization', `Bearer ${apiKey}`)
        .then(({ body }) => (body as Page).events);
    const waiting = Promise.all([wait(one.apiKey), wait(two.apiKey)]);
    const uses = async (): Promise<readonly Envelope[]> => {
      const { events } = await page(`?from=${nextPosition}`);
      return events.filter(({ type }) => type === 'keytrail.key.used.v1');
    };
    while ((await uses()).length < 2) await new Promise(setImmediate);
    const third = await app.createKey(ada.cookie, 'News');
    for (const events of await waiting) {
      expect(events.map(({ subject }) => subject)).toContain(third.apiKeyId);
    }
  });

  it('200: a foreign SSE client reads the history, then what happens', async () => {
    const whole = await page('?from=start&limit=100');
    const client = follow({ cookie: ada.cookie }, '?from=start');
    await client.until(({ received }) => received.length === whole.events.length);
    expect(client.received.map(({ envelope }) => envelope)).toEqual(whole.events);
    const { apiKeyId } = await app.createKey(ada.cookie);
    await revoke(ada, apiKeyId);
    await client.until(({ received }) => received.length === whole.events.length + 2);
    // Live or from the audit trail, an event has the same bytes.
    expect(client.received.slice(-2).map(({ envelope }) => envelope)).toEqual(
      (await page('?from=start&limit=100')).events.slice(-2),
    );
  });

  it('200: resumed after each position of a history it hands out exactly the rest', async () => {
    const client = follow({ cookie: ada.cookie }, '?from=start');
    const { length } = (await page('?from=start&limit=100')).events;
    await client.until(({ received }) => received.length === length);
    const all = client.received.map(({ id }) => id);
    for (const [index, id] of all.entries()) {
      const resumed = follow({ cookie: ada.cookie }, '?from=start', id);
      await resumed.until(({ received }) => received.length === length - index - 1);
      expect(resumed.received.map((each) => each.id)).toEqual(all.slice(index + 1));
      resumed.close();
    }
  });

  it('200: silence proves that nothing happened up to the position of the heartbeat', async () => {
    const bob = await app.signUp('Bob');
    const client = follow({ cookie: bob.cookie });
    await client.until(({ heartbeats }) => heartbeats.length === 1);
    await app.createKey(ada.cookie);
    const { nextPosition } = await page('');
    await client.until(({ heartbeats }) => BigInt(heartbeats.at(-1) ?? 0) >= BigInt(nextPosition));
    expect(client.received).toEqual([]);
  });

  it('200: G6 two accounts never see each other’s events', async () => {
    const carol = await app.signUp('Carol');
    const dave = await app.signUp('Dave');
    const hers = follow({ cookie: carol.cookie }, '?from=start');
    const his = follow({ cookie: dave.cookie }, '?from=start');
    await app.createKey(carol.cookie, 'Hers');
    await app.createKey(dave.cookie, 'His');
    await hers.until(({ received }) => received.length === 3);
    await his.until(({ received }) => received.length === 3);
    const accounts = (client: FeedClient) =>
      new Set(client.received.map(({ envelope }) => envelope.data['accountId']));
    expect(accounts(hers)).toEqual(new Set([carol.accountId]));
    expect(accounts(his)).toEqual(new Set([dave.accountId]));
    // A position of another account is only a place: it opens nothing.
    const after = hers.received[0]?.id ?? '';
    const { events } = await page(`?from=${after}&limit=100`, dave.cookie);
    expect(new Set(events.map(({ data }) => data['accountId']))).toEqual(new Set([dave.accountId]));
  });

  it('200: a filter hands out its types alone, live and from the past', async () => {
    const { events } = await page('?from=start&limit=100&types=keytrail.member.*');
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['keytrail.member.joined.v1']));
    const client = follow({ cookie: ada.cookie }, '?types=keytrail.key.revoked.v1');
    await client.until(({ heartbeats }) => heartbeats.length === 1);
    const { apiKeyId } = await app.createKey(ada.cookie);
    await revoke(ada, apiKeyId);
    await client.until(({ received }) => received.length === 1);
    expect(client.received[0]?.envelope.subject).toBe(apiKeyId);
  });

  it('200: connecting with a key is one use of it, and its revocation ends the stream', async () => {
    const { apiKey, apiKeyId } = await app.createKey(ada.cookie);
    const client = follow({ authorization: `Bearer ${apiKey}` });
    await client.until(({ heartbeats }) => heartbeats.length === 2);
    await revoke(ada, apiKeyId);
    await client.until(({ isClosed }) => isClosed);
    expect(client.statuses).toEqual([200, 401]);
    expect(client.received.map(({ envelope }) => envelope.type)).toEqual([
      'keytrail.key.revoked.v1',
    ]);
    const uses = await app.http.get(`/v1/usage?apiKeyId=${apiKeyId}`).set('cookie', ada.cookie);
    expect(uses.body).toMatchObject({ events: [{ endpoint: '/v1/events' }] });
    expect((uses.body as { events: unknown[] }).events).toHaveLength(1);
  });

  it('hands nothing that happens later to a filtered long poll of a key that is revoked', async () => {
    const { apiKey, apiKeyId } = await app.createKey(ada.cookie);
    const { nextPosition } = await page('');
    const waiting = app.http
      .get(`/v1/events?from=${nextPosition}&wait=30&types=keytrail.key.created.v1`)
      .set('authorization', `Bearer ${apiKey}`)
      .then((answer) => answer);
    await isUsed(apiKeyId);
    await revoke(ada, apiKeyId);
    await app.createKey(ada.cookie, 'After the revocation');
    const { status, text } = await waiting;
    expect([200, 401]).toContain(status);
    expect(text).not.toContain('After the revocation');
  });

  it('hands nothing that happens later to a filtered long poll of a member who is removed', async () => {
    const bob = await app.signUp('Bob');
    await join(app, ada, bob);
    const { nextPosition } = await page('');
    const waiting = app.http
      .get(`/v1/events?from=${nextPosition}&wait=30&types=keytrail.key.created.v1`)
      .set({ cookie: bob.cookie, 'keytrail-account': ada.accountId })
      .then((answer) => answer);
    // A poll of a key that begins later has begun, and this one with it.
    const { apiKey, apiKeyId } = await app.createKey(ada.cookie);
    await app.http.get('/v1/events').set('authorization', `Bearer ${apiKey}`).expect(200);
    await isUsed(apiKeyId);
    await app.http.delete(`/v1/members/${bob.userId}`).set('cookie', ada.cookie).expect(200);
    await app.createKey(ada.cookie, 'After the removal');
    const { status, text } = await waiting;
    expect([200, 401]).toContain(status);
    expect(text).not.toContain('After the removal');
  });

  it.each([
    'from=yesterday',
    'from=-1',
    'from=1.5',
    'from=1-',
    'types=keytrail.nothing.v1',
    'types=*key',
  ])('400: %s', async (query) => {
    const answer = await app.http.get(`/v1/events?${query}`).set('cookie', ada.cookie);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      code: 'invalid_request',
      errors: [{ field: query.split('=')[0] }],
    });
  });

  it('200: HEAD answers with the headers of a stream, and ends', async () => {
    const answer = await app.http
      .head('/v1/events')
      .set({ cookie: ada.cookie, accept: 'text/event-stream' })
      .expect(200);
    expect(answer.headers['content-type']).toMatch('text/event-stream');
  });

  it.each(['limit=0', 'limit=101', 'wait=31', 'wait=x', 'since=1'])('400: %s', async (query) => {
    await app.http.get(`/v1/events?${query}`).set('cookie', ada.cookie).expect(400);
  });

  it('400: a position that the log has not reached, so that a restored log is noticed', async () => {
    const answer = await app.http
      .get('/v1/events')
      .set('cookie', ada.cookie)
      .set('accept', 'text/event-stream')
      .set('last-event-id', '99999999999999999')
      .expect(400);
    expect(answer.body).toMatchObject({ errors: [{ field: 'Last-Event-ID' }] });
  });

  it('503: when the log does not say how far it is', async () => {
    const offline = await startTestApp({ stores: { ...app.stores, eventStoreUrl: nowhere } });
    const answer = await offline.http.get('/v1/events').set('cookie', ada.cookie);
    await offline.stop();
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ code: 'event_log_unavailable' });
  });

  it('401: without credentials', async () => {
    await app.http.get('/v1/events').expect(401);
  });
});
