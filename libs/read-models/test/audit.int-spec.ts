import type { AuditQuery } from '../src/audit/audit-filter.js';
import { listAuditEntries, listUses, streamAuditEntries } from '../src/audit/audit.queries.js';
import type { ReadView } from '../src/common/keytrail-model.js';
import {
  accountOpened,
  keyCreated,
  keyRevoked,
  keyUsed,
  memberJoined,
  MemoryLog,
  recorded,
  signedIn,
} from '@keytrail/testing';
import { projectAll } from '../../../test/product/model-database.js';
import { startTestModels, type TestModels } from './test-models.js';

const other = { accountId: 'acc_2' };
const key = (number: number) => ({
  keyId: `key_${number}`,
  secretHash: `h${number}`,
  keyPrefix: `axk_000${number}`,
});
const by = (number: number) => ({
  type: 'apiKey' as const,
  id: `key_${number}`,
  label: `axk_000${number}`,
});
const at = (time: string) => `2026-03-01T${time}.000Z`;

// The names are where each stands in the log.
const history = [
  recorded(accountOpened(), { commit: 1n, at: at('09:00:00') }),
  recorded(memberJoined({ userId: 'usr_anna', email: 'anna@example.com', invitationId: null }), {
    commit: 2n,
    at: at('09:00:00'),
  }),
  recorded(keyCreated({ ...key(1), name: 'One' }), { commit: 3n, at: at('09:10:00') }),
  recorded(keyCreated({ ...key(2), name: 'Two' }), { commit: 4n, at: at('09:20:00') }),
  recorded(keyCreated({ ...other, ...key(9), name: 'Nine' }), { commit: 5n, at: at('09:30:00') }),
  recorded(keyUsed({ keyId: 'key_1' }), { commit: 6n, at: at('10:00:00'), actor: by(1) }),
  recorded(keyUsed({ keyId: 'key_2' }), { commit: 7n, at: at('11:00:00'), actor: by(2) }),
  // Its process's clock is behind.
  recorded(keyUsed({ keyId: 'key_1' }), { commit: 8n, at: at('10:59:00'), actor: by(1) }),
  recorded(keyUsed({ ...other, keyId: 'key_9' }), { commit: 9n, at: at('11:00:00'), actor: by(9) }),
  recorded(
    { type: 'AuditExported', data: { accountId: 'acc_1', format: 'csv' } },
    { commit: 10n, at: at('12:00:00'), actor: by(2) },
  ),
  recorded(signedIn(), { commit: 11n, at: at('12:30:00') }),
  recorded(keyRevoked({ keyId: 'key_1' }), { commit: 12n, at: at('13:00:00') }),
];

describe('the audit trail', () => {
  let models: TestModels;
  let view: ReadView;
  beforeAll(async () => {
    models = await startTestModels();
    const log = new MemoryLog(100);
    log.append(...history);
    view = await projectAll(models.readModels, log);
  });
  afterAll(async () => {
    await models.stop();
  });

  const places = async (query: Partial<AuditQuery>) => {
    const page = await listAuditEntries(view, {
      accountId: 'acc_1',
      order: 'asc',
      limit: 100,
      ...query,
    });
    return page.items.map(({ _id }) => Number(_id));
  };
  const ofAccount = [1, 2, 3, 4, 6, 7, 8, 10, 11, 12];

  it('G7: is in the order of the log', async () => {
    expect(await places({})).toEqual(ofAccount);
    expect(await places({ order: 'desc' })).toEqual([...ofAccount].reverse());
  });

  it.each([
    ['a key', { apiKeyId: 'key_1' }, [3, 6, 8, 12]],
    ['a type', { types: ['KeyCreated'] }, [3, 4]],
    ['a type that is named twice', { types: ['KeyCreated', 'KeyCreated'] }, [3, 4]],
    ['several types', { types: ['KeyCreated', 'KeyRevoked'] }, [3, 4, 12]],
    ['several types, uses among them', { types: ['KeyUsed', 'KeyRevoked'] }, [6, 7, 8, 12]],
    ['a type that does not exist', { types: ['Nothing'] }, []],
    ['a person’s id', { actor: 'usr_anna' }, [1, 2, 3, 4, 11, 12]],
    ['a person’s address', { actor: 'anna@example.com' }, [1, 2, 3, 4, 11, 12]],
    ['a person and types', { actor: 'usr_anna', types: ['KeyCreated', 'SignedIn'] }, [3, 4, 11]],
    ['a person and a key', { actor: 'usr_anna', apiKeyId: 'key_1' }, [3, 12]],
    ['a person, who uses no key', { actor: 'usr_anna', types: ['KeyUsed'] }, []],
    ['a key as actor and types', { actor: 'key_2', types: ['KeyUsed', 'KeyCreated'] }, [7]],
    ['a key as actor and another key', { actor: 'key_2', apiKeyId: 'key_1' }, []],
    ['a key as actor', { actor: 'key_2' }, [7, 10]],
    ['a key’s prefix as actor', { actor: 'axk_0002' }, [7, 10]],
    ['another account’s key as actor', { actor: 'key_9' }, []],
    ['a beginning', { from: new Date(at('11:00:00')) }, [7, 10, 11, 12]],
    ['an end', { to: new Date(at('10:00:00')) }, [1, 2, 3, 4]],
    [
      'all of time',
      { from: new Date(at('11:00:00')), to: new Date('9999-12-31T23:59:59.999Z') },
      [7, 10, 11, 12],
    ],
    ['a window', { from: new Date(at('10:00:00')), to: new Date(at('11:00:00')) }, [6, 8]],
    [
      'a millisecond',
      { from: new Date(at('11:00:00')), to: new Date(Date.parse(at('11:00:00')) + 1) },
      [7],
    ],
    [
      'a window over hours that ends within one',
      { from: new Date(at('09:15:00')), to: new Date(at('12:30:01')) },
      [4, 6, 7, 8, 10, 11],
    ],
    [
      'a window without entries',
      { from: new Date(at('10:01:00')), to: new Date(at('10:02:00')) },
      [],
    ],
    [
      'an hour without entries',
      { from: new Date(at('14:00:00')), to: new Date(at('15:00:00')) },
      [],
    ],
    [
      'everything at once',
      { apiKeyId: 'key_1', types: ['KeyUsed'], actor: 'key_1', from: new Date(at('10:30:00')) },
      [8],
    ],
    ['another account', other, [5, 9]],
    ['another account’s key', { apiKeyId: 'key_9' }, []],
  ])('filters by %s', async (_, query, expected) => {
    expect(await places(query)).toEqual(expected);
    expect(await places({ ...query, order: 'desc' })).toEqual([...expected].reverse());
  });

  it.each(['asc', 'desc'] as const)('goes page by page, %s, each entry once', async (order) => {
    for (const filter of [{}, { from: new Date(at('09:10:00')), to: new Date(at('12:45:00')) }]) {
      const seen: number[] = [];
      let after: string | null | undefined;
      while (after !== null) {
        const query = { accountId: 'acc_1', order, limit: 3, ...filter };
        const page = await listAuditEntries(view, {
          ...query,
          ...(after !== undefined && { after }),
        });
        seen.push(...page.items.map(({ _id }) => Number(_id)));
        after = page.next;
      }
      expect(seen).toEqual(await places({ order, ...filter }));
    }
  });

  it('shows the key’s name and prefix', async () => {
    const { items } = await listAuditEntries(view, { accountId: 'acc_1', order: 'asc', limit: 5 });
    expect(items.map(({ apiKeyName, apiKeyPrefix }) => [apiKeyName, apiKeyPrefix])).toEqual([
      [null, null],
      [null, null],
      ['One', 'axk_0001'],
      ['Two', 'axk_0002'],
      ['One', 'axk_0001'],
    ]);
  });

  it('lists uses newest first', async () => {
    const { items, next } = await listUses(view, { accountId: 'acc_1', limit: 2 });
    expect(items.map(({ _id }) => Number(_id))).toEqual([8, 7]);
    expect(items[0]?.details).toEqual({ method: 'GET', path: '/v1/me' });
    const rest = await listUses(view, { accountId: 'acc_1', limit: 2, after: next ?? '' });
    expect(rest.items.map(({ _id }) => Number(_id))).toEqual([6]);
    expect(rest.next).toBeNull();
  });

  it.each(['asc', 'desc'] as const)('exports all that matches, %s', async (order) => {
    const seen: number[] = [];
    const exported = streamAuditEntries(() => Promise.resolve(view), { accountId: 'acc_1', order });
    for await (const entry of exported) seen.push(Number(entry._id));
    expect(seen).toEqual(await places({ order }));
  });
});
