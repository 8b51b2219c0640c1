import { Keytrail } from '@keytrail/sdk';
import { Client } from '../support/client.js';
import type { IssuedKey } from '../support/client.js';
import { type Product, startProduct } from '../product/product.js';

type Session = Awaited<ReturnType<Client['signUp']>>;

describe('the SDK on the product', () => {
  let product: Product;
  let client: Client;
  let session: Session;
  let key: IssuedKey;
  let keytrail: Keytrail;

  beforeAll(async () => {
    product = await startProduct();
    client = new Client(product.url);
    session = await client.signUp();
    key = await client.createKey(session, 'Production Key');
    keytrail = new Keytrail({ apiKey: key.apiKey, baseUrl: product.url });
  }, 90_000);
  afterAll(async () => {
    await client.close();
    await product.stop();
  }, 30_000);

  it('reads who calls, the keys, their uses, the members and the audit trail', async () => {
    const { account, apiKey } = await keytrail.me();
    expect(apiKey).toMatchObject({ id: key.apiKeyId, name: 'Production Key' });
    expect(account.id).toMatch(/^acc_/);
    await expect(keytrail.keys.list()).resolves.toMatchObject({ activeCount: 1 });
    await expect(keytrail.keys.get(key.apiKeyId)).resolves.toMatchObject({ status: 'Active' });
    const { events } = await keytrail.usage.list({ apiKeyId: key.apiKeyId });
    expect(events.at(-1)).toMatchObject({
      endpoint: '/v1/me',
      userAgent: expect.stringMatching(/^keytrail-sdk\//) as unknown,
    });
    const { buckets } = await keytrail.usage.series({ bucket: 'day' });
    expect(buckets).toMatchObject([{ apiKeyId: key.apiKeyId }]);
    await expect(keytrail.members.list()).resolves.toMatchObject({ members: [{ role: 'owner' }] });
    const { transactions } = await keytrail.transactions.list({ limit: 1 });
    expect(transactions).toHaveLength(1);
  });

  it('iterates and exports the same audit trail', async () => {
    const until = new Date();
    const paged: string[] = [];
    for await (const { position } of keytrail.audit.iterate({ to: until, limit: 2 }))
      paged.push(position);
    const exported: string[] = [];
    for await (const { position } of keytrail.audit.export({ to: until })) exported.push(position);
    expect(exported.length).toBeGreaterThan(5);
    expect(exported).toEqual(paged);
  });

  it('tells of what is not there and of what is wrong', async () => {
    await expect(keytrail.keys.get('key_unknown')).rejects.toMatchObject({
      code: 'not_found',
      status: 404,
      requestId: expect.any(String) as unknown,
    });
    await expect(keytrail.usage.list({ limit: 1000 })).rejects.toMatchObject({
      code: 'invalid_request',
      errors: [{ field: 'limit' }],
    });
    await expect(
      keytrail.events({ from: '18446744073709551615' })[Symbol.asyncIterator]().next(),
    ).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('follows the events from the first on, live, until its own key is revoked', async () => {
    const own = await client.createKey(session, 'Follower');
    const other = await client.createKey(session, 'Someone else');
    const follower = new Keytrail({ apiKey: own.apiKey, baseUrl: product.url });
    const feed = follower.events({
      from: 'start',
      types: ['keytrail.key.created.v1', 'keytrail.key.revoked.v1'],
    });
    const seen: string[] = [];
    const read = async (): Promise<void> => {
      for await (const { type, subject } of feed) {
        seen.push(`${type} ${subject}`);
        if (subject === other.apiKeyId && type.includes('created'))
          await client.revoke(session, other.apiKeyId);
        if (subject === other.apiKeyId && type.includes('revoked'))
          await client.revoke(session, own.apiKeyId);
      }
    };
    await expect(read()).rejects.toMatchObject({ code: 'revoked_key', status: 401 });
    expect(seen.slice(0, 4)).toEqual([
      `keytrail.key.created.v1 ${key.apiKeyId}`,
      `keytrail.key.created.v1 ${own.apiKeyId}`,
      `keytrail.key.created.v1 ${other.apiKeyId}`,
      `keytrail.key.revoked.v1 ${other.apiKeyId}`,
    ]);
  }, 30_000);

  it('checks the key of a caller, and refuses it right after its revocation', async () => {
    const caller = await client.createKey(session, 'Caller');
    const input = { apiKey: caller.apiKey, request: { method: 'POST', path: '/orders?x=1' } };
    const verified = await keytrail.verify(input);
    expect(verified).toMatchObject({ active: true, code: null, apiKeyId: caller.apiKeyId });
    const { events } = await keytrail.usage.list({ apiKeyId: caller.apiKeyId });
    expect(events).toMatchObject([{ method: 'POST', endpoint: '/orders' }]);
    await client.revoke(session, caller.apiKeyId);
    await expect(keytrail.verify(input)).resolves.toMatchObject({
      active: false,
      code: 'revoked_key',
    });
    const typo = { ...input, apiKey: `${caller.apiKey.slice(0, -1)}_` };
    await expect(keytrail.verify(typo)).resolves.toMatchObject({ code: 'malformed_key' });
  });
});
