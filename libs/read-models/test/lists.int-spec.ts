import { findAccount } from '../src/accounts/accounts.queries.js';
import {
  findInvitation,
  findInvitationByToken,
  listOpenInvitations,
} from '../src/invitations/invitations.queries.js';
import { findKey, findKeyLabels, type KeyQuery, listKeys } from '../src/keys/keys.queries.js';
import { findMemberships, listMembers } from '../src/members/members.queries.js';
import { readTopUsageSeries, readUsageSeries } from '../src/usage/usage.queries.js';
import type { ReadView } from '../src/common/keytrail-model.js';
import {
  accountOpened,
  invitationWithdrawn,
  keyCreated,
  keyRevoked,
  keyUsed,
  memberInvited,
  memberJoined,
  memberRemoved,
  MemoryLog,
  recorded,
} from '@keytrail/testing';
import { projectAll } from '../../../test/product/model-database.js';
import { startTestModels, type TestModels } from './test-models.js';

const other = { accountId: 'acc_2' };

describe('lists of an account', () => {
  let models: TestModels;
  let view: ReadView;
  beforeAll(async () => {
    models = await startTestModels();
    const log = new MemoryLog(100);
    log.append(
      recorded(accountOpened()),
      recorded(accountOpened({ ...other, name: 'Other' })),
      ...[1, 2, 3, 4, 5].map((number) =>
        recorded(
          keyCreated({
            keyId: `key_${number}`,
            secretHash: `h${number}`,
            name: `Name (${number})`,
            keyPrefix: `axk_000${number}`,
          }),
        ),
      ),
      recorded(keyCreated({ ...other, keyId: 'key_6', secretHash: 'h6', name: 'Name (6)' })),
      recorded(keyRevoked({ keyId: 'key_2' })),
      recorded(keyUsed({ keyId: 'key_1' }), { at: '2026-03-01T10:59:00.000Z' }),
      recorded(keyUsed({ keyId: 'key_1' }), { at: '2026-03-01T11:00:00.000Z' }),
      recorded(keyUsed({ keyId: 'key_3' }), { at: '2026-03-01T11:01:00.000Z' }),
      recorded(keyUsed({ keyId: 'key_3' }), { at: '2026-03-02T11:01:00.000Z' }),
      recorded(keyUsed({ ...other, keyId: 'key_6' }), { at: '2026-03-01T11:01:00.000Z' }),
      recorded(memberInvited()),
      recorded(memberInvited({ invitationId: 'inv_2', tokenHash: 'token_2' })),
      recorded(memberInvited({ invitationId: 'inv_3', tokenHash: 'token_3' })),
      recorded(invitationWithdrawn({ invitationId: 'inv_2' })),
      recorded(memberJoined(), { at: '2026-03-01T12:00:00.000Z' }),
      recorded(memberJoined({ userId: 'usr_anna', email: 'anna@example.com' }), {
        at: '2026-03-01T11:00:00.000Z',
      }),
      recorded(memberJoined({ ...other, invitationId: null })),
      recorded(memberJoined({ userId: 'usr_carl', invitationId: null })),
      recorded(memberRemoved({ userId: 'usr_carl' })),
    );
    view = await projectAll(models.readModels, log);
  });
  afterAll(async () => {
    await models.stop();
  });

  const idsOf = async (query: Partial<KeyQuery>) => {
    const page = await listKeys(view, { accountId: 'acc_1', limit: 50, ...query });
    return page.items.map(({ _id }) => _id);
  };

  it('lists keys newest first, of this account only', async () => {
    expect(await idsOf({})).toEqual(['key_5', 'key_4', 'key_3', 'key_2', 'key_1']);
    expect(await idsOf(other)).toEqual(['key_6']);
  });

  it('lists keys page by page, each once', async () => {
    const seen: string[][] = [];
    let after: string | null | undefined;
    while (after !== null) {
      const page = await listKeys(view, {
        accountId: 'acc_1',
        limit: 2,
        ...(after !== undefined && { after }),
      });
      seen.push(page.items.map(({ _id }) => _id));
      after = page.next;
    }
    expect(seen).toEqual([['key_5', 'key_4'], ['key_3', 'key_2'], ['key_1']]);
  });

  it.each([
    ['status Active', { status: 'Active' as const }, ['key_5', 'key_4', 'key_3', 'key_1']],
    ['status Revoked', { status: 'Revoked' as const }, ['key_2']],
    ['a part of the name in another case', { q: 'nAME (3' }, ['key_3']],
    ['a part of the prefix', { q: '0004' }, ['key_4']],
    ['characters that mean something in patterns', { q: '.*' }, []],
    ['a status and a part of the name', { status: 'Active' as const, q: '(2)' }, []],
  ])('lists keys by %s', async (_, query, ids) => {
    expect(await idsOf(query)).toEqual(ids);
  });

  it('G6: a key of another account is not found', async () => {
    expect(await findKey(view, 'acc_1', 'key_6')).toBeNull();
    expect(await findKey(view, 'acc_2', 'key_6')).toMatchObject({ name: 'Name (6)' });
    expect([...(await findKeyLabels(view, 'acc_1', ['key_6', 'key_1'])).keys()]).toEqual(['key_1']);
  });

  it('finds an account with its count of active keys', async () => {
    expect(await findAccount(view, 'acc_1')).toEqual({
      id: 'acc_1',
      name: 'Example',
      activeCount: 4,
    });
    expect(await findAccount(view, 'acc_9')).toBeNull();
  });

  it('lists the members there are now', async () => {
    const users = (await listMembers(view, 'acc_1')).map(({ userId }) => userId);
    expect(users).toEqual(['usr_anna', 'usr_ben']);
  });

  it('lists a person’s accounts', async () => {
    const accounts = (await findMemberships(view, 'usr_ben')).map(({ accountId }) => accountId);
    expect(accounts.sort()).toEqual(['acc_1', 'acc_2']);
    expect(await findMemberships(view, 'usr_carl')).toEqual([]);
  });

  it('lists pending invitations, and finds one by its token or id', async () => {
    const pending = (
      await listOpenInvitations(view, 'acc_1', new Date('2026-03-02T00:00:00.000Z'))
    ).map(({ _id }) => _id);
    expect(pending).toEqual(['inv_3']);
    expect(await findInvitationByToken(view, 'token_1')).toMatchObject({ status: 'Accepted' });
    expect(await findInvitation(view, 'acc_1', 'inv_2')).toMatchObject({ status: 'Withdrawn' });
    expect(await findInvitation(view, 'acc_2', 'inv_2')).toBeNull();
  });

  const day = {
    from: new Date('2026-03-01T10:30:00.000Z'),
    to: new Date('2026-03-02T00:00:00.000Z'),
  };
  const eleven = new Date('2026-03-01T11:00:00.000Z');

  it('counts uses per hour and key', async () => {
    expect(await readUsageSeries(view, { accountId: 'acc_1', bucket: 'hour', ...day })).toEqual([
      { start: new Date('2026-03-01T10:00:00.000Z'), apiKeyId: 'key_1', count: 1 },
      { start: eleven, apiKeyId: 'key_1', count: 1 },
      { start: eleven, apiKeyId: 'key_3', count: 1 },
    ]);
  });

  it('counts uses of one key per day', async () => {
    const query = { accountId: 'acc_1', bucket: 'day' as const, ...day, apiKeyId: 'key_1' };
    expect(await readUsageSeries(view, query)).toEqual([
      { start: new Date('2026-03-01T00:00:00.000Z'), apiKeyId: 'key_1', count: 2 },
    ]);
    expect(await readUsageSeries(view, { ...query, accountId: 'acc_2' })).toEqual([]);
  });

  it('counts uses of the most used key per hour, and of all others together', async () => {
    const query = { accountId: 'acc_1', bucket: 'hour' as const, ...day };
    const eleven = new Date('2026-03-01T11:00:00.000Z');
    expect(await readTopUsageSeries(view, query, 1)).toEqual({
      buckets: [
        { start: new Date('2026-03-01T10:00:00.000Z'), apiKeyId: 'key_1', count: 1 },
        { start: eleven, apiKeyId: 'key_1', count: 1 },
      ],
      others: [{ start: eleven, count: 1 }],
    });
    const all = await readTopUsageSeries(view, query, 100);
    expect(all).toEqual({ buckets: await readUsageSeries(view, query), others: [] });
    const nobody = await readTopUsageSeries(view, { ...query, accountId: 'acc_3' }, 1);
    expect(nobody).toEqual({ buckets: [], others: [] });
  });
});
