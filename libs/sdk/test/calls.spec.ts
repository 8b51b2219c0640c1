import { readFile } from 'node:fs/promises';
import type { Keytrail } from '../src/index.js';
import { json, PlannedServer, SOME_KEY } from './planned-server.js';

interface Operation {
  readonly operationId: string;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
}

const request = { method: 'GET', path: '/orders', ip: null, userAgent: null };

/** Each operation of the API with the call that makes it. */
const calls: Readonly<Record<string, (keytrail: Keytrail) => Promise<unknown>>> = {
  whoAmI: (keytrail) => keytrail.me(),
  listKeys: (keytrail) => keytrail.keys.list({ status: 'Active' }),
  getKey: (keytrail) => keytrail.keys.get('key_1'),
  lookUpKey: (keytrail) => keytrail.keys.lookUp('0'.repeat(64)),
  listUsage: (keytrail) => keytrail.usage.list({ limit: 3 }),
  usageSeries: (keytrail) => keytrail.usage.series({ bucket: 'day' }),
  listTransactions: (keytrail) => keytrail.transactions.list({ apiKeyId: 'key_1' }),
  readAudit: (keytrail) => keytrail.audit.list({ order: 'desc' }),
  exportAudit: (keytrail) => keytrail.audit.export().next(),
  listMembers: (keytrail) => keytrail.members.list(),
  readEvents: (keytrail) => keytrail.events()[Symbol.asyncIterator]().next(),
  verifyKey: (keytrail) => keytrail.verify({ apiKey: SOME_KEY, request }),
};

async function operationsForKeys(): Promise<Map<string, readonly [method: string, path: string]>> {
  const document = JSON.parse(await readFile('openapi.json', 'utf8')) as {
    paths: Record<string, Record<string, Operation>>;
  };
  const found = Object.entries(document.paths)
    .filter(([path]) => path !== '/v1/forward-auth')
    .flatMap(([path, operations]) =>
      Object.entries(operations)
        .filter(([, { security = [] }]) => security.some((scheme) => 'bearer' in scheme))
        .map(([method, { operationId }]) => [operationId, [method.toUpperCase(), path]] as const),
    );
  return new Map(found);
}

describe('calls', () => {
  let server: PlannedServer;

  beforeEach(async () => {
    server = await PlannedServer.start(json({}));
  });
  afterEach(() => server.stop());

  it('has one for each operation of the API that takes a key, with its method and path', async () => {
    const operations = await operationsForKeys();
    expect(Object.keys(calls).sort()).toEqual([...operations.keys()].sort());
    for (const [name, [method, path]] of operations) {
      server.asked.length = 0;
      // The answers are of no kind that streams have.
      await calls[name]?.(server.client({ maxRetries: 0 })).catch(() => undefined);
      const [asked] = server.asked;
      expect([name, asked?.method]).toEqual([name, method]);
      expect([name, asked?.url.split('?')[0]]).toEqual([name, path.replace('{id}', 'key_1')]);
      expect(asked?.headers.authorization).toBe(`Bearer ${SOME_KEY}`);
    }
  });

  it('writes instants and what was given, and leaves out what is undefined', async () => {
    await server.client().audit.list({
      from: new Date('2026-01-31T09:30:00Z'),
      to: '2026-02-01',
      type: undefined,
      actor: 'ada@example.com & co',
      limit: 100,
    });
    const { searchParams } = new URL(server.asked[0]?.url ?? '', server.url);
    expect(Object.fromEntries(searchParams)).toEqual({
      from: '2026-01-31T09:30:00.000Z',
      to: '2026-02-01',
      actor: 'ada@example.com & co',
      limit: '100',
    });
  });

  it('answers below the path of the base URL', async () => {
    await server.client({ baseUrl: `${server.url}/keytrail/` }).me();
    expect(server.asked[0]?.url).toBe('/keytrail/v1/me');
  });

  it('keeps an id inside its segment of the path', async () => {
    await server.client().keys.get('../me?x');
    expect(server.asked[0]?.url).toBe('/v1/api-keys/..%2Fme%3Fx');
    expect(() => server.client().keys.get('..')).toThrow(/invalid_argument/);
  });

  it('never puts a key into an address', async () => {
    const keytrail = server.client();
    const mistakes = [
      keytrail.keys.get(SOME_KEY),
      keytrail.usage.list({ apiKeyId: SOME_KEY }),
      keytrail.keys.list({ q: SOME_KEY.slice(0, -5) }),
    ];
    for (const mistake of mistakes) {
      await expect(mistake).rejects.toMatchObject({ code: 'invalid_argument' });
    }
    expect(server.asked).toEqual([]);
  });
});

describe('pages', () => {
  it('are asked for one after the other, and only as far as they are used', async () => {
    const use = (id: string) => ({ id });
    const server = await PlannedServer.start(
      json({ events: [use('1'), use('2')], nextCursor: 'b' }),
      json({ events: [], nextCursor: 'c' }),
      json({ events: [use('3')], nextCursor: null }),
    );
    const ids: string[] = [];
    const uses = server.client().usage.iterate({ limit: 2, apiKeyId: 'key_1' });
    for await (const { id } of uses) {
      if (id === '2') expect(server.asked).toHaveLength(1);
      ids.push(id);
    }
    expect(ids).toEqual(['1', '2', '3']);
    expect(server.asked.map(({ url }) => url)).toEqual([
      '/v1/usage?limit=2&apiKeyId=key_1',
      '/v1/usage?limit=2&apiKeyId=key_1&cursor=b',
      '/v1/usage?limit=2&apiKeyId=key_1&cursor=c',
    ]);
    await server.stop();
  });
});
