import type { Actor, EventShape } from '@keytrail/event-store';
import type { AuditQuery } from '../src/audit/audit-filter.js';
import { listAuditEntries, listUses } from '../src/audit/audit.queries.js';
import type { ReadView } from '../src/common/keytrail-model.js';
import { listOpenInvitations } from '../src/invitations/invitations.queries.js';
import { type KeyQuery, listKeys } from '../src/keys/keys.queries.js';
import { findMemberships, listMembers } from '../src/members/members.queries.js';
import { readTopUsageSeries, readUsageSeries } from '../src/usage/usage.queries.js';
import {
  keyCreated,
  keyRefused,
  keyRevoked,
  keyUsed,
  memberInvited,
  memberJoined,
  memberRemoved,
  MemoryLog,
  recorded,
  signedIn,
} from '@keytrail/testing';
import { examinedBy } from '../../../test/support/examined.js';
import { projectAll } from '../../../test/product/model-database.js';
import { startTestModels, type TestModels } from './test-models.js';

const accountId = 'acc_1';
const START = Date.parse('2026-03-01T00:00:00.000Z');
const timeOf = (index: number): Date => new Date(START + index * 100);
const keyId = (number: number): string => `key_${number}`;
const by = (number: number) => ({
  type: 'apiKey' as const,
  id: keyId(number),
  label: `axk_${1_000 + number}`,
});
const ben = { type: 'user' as const, id: 'usr_ben', label: 'ben@example.com' };
const nobody = { type: 'anonymous' as const, id: 'anonymous', label: '' };
const some = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index));

interface Happening {
  readonly event: EventShape;
  /** In tenths of a second. */
  readonly at: number;
  readonly actor?: Actor;
}

/** Much of everything, some entries in each tenth of a second, in which what is asked for below is rare. */
function history(): MemoryLog {
  const person = (index: number) => ({ userId: `usr_${index}`, email: `${index}@example.com` });
  const members = some(150, (index): Happening[] => [
    { event: memberJoined({ ...person(index), invitationId: null }), at: -2 },
    ...(index === 100 ? [] : [{ event: memberRemoved(person(index)), at: -1 }]),
  ]);
  const invitations = some(150, (index): Happening => {
    const invitation = { invitationId: `inv_${index}`, tokenHash: `token_${index}` };
    const expiresAt = index === 100 ? '2026-04-01T00:00:00.000Z' : '2026-03-08T00:00:00.000Z';
    return { event: memberInvited({ ...invitation, expiresAt }), at: -1 };
  });
  const keys = some(500, (index): Happening[] => {
    const key = { keyId: keyId(index), secretHash: `h${index}`, keyPrefix: by(index).label };
    const revoked = { event: keyRevoked({ keyId: key.keyId }), at: index, actor: ben };
    return [
      { event: keyCreated(key), at: index, actor: index === 250 ? ben : nobody },
      ...(index % 2 === 0 ? [revoked] : []),
    ];
  });
  const uses = some(1_000, (index): Happening[] => [
    { event: keyUsed({ keyId: keyId(1) }), at: index, actor: by(1) },
    { event: keyRefused({ keyId: keyId(2) }), at: index, actor: nobody },
  ]);
  const rare: Happening[] = [
    { event: keyUsed({ keyId: keyId(2) }), at: 500, actor: by(2) },
    { event: signedIn(), at: 1_000 },
  ];
  const happened = [...members.flat(), ...invitations, ...keys.flat(), ...uses.flat(), ...rare]
    .sort((one, other) => one.at - other.at)
    .map(({ event, at, actor }) =>
      recorded(event, { at: timeOf(at).toISOString(), ...(actor && { actor }) }),
    );
  const log = new MemoryLog(2_000);
  log.append(...happened);
  return log;
}

describe('every list is served by an index', () => {
  let models: TestModels;
  let view: ReadView;
  beforeAll(async () => {
    models = await startTestModels();
    view = await projectAll(models.readModels, history());
  });
  afterAll(async () => {
    await models.stop();
  });

  async function examined(work: () => Promise<unknown>): Promise<number> {
    const { commands, documents } = await examinedBy(models.readModels.db, work);
    // Whatever has to look at more is ended.
    for (const command of commands) expect(command).toMatchObject({ maxTimeMS: 5_000 });
    return documents;
  }

  const limit = 5;
  /** One more than the page for each of four types, the names of keys, and where the window lies. */
  const fewForAPage = 10 * limit;

  const ofKey = [{}, { apiKeyId: keyId(1) }, { apiKeyId: keyId(2) }];
  const ofTypes = [
    {},
    { types: ['KeyUsed'] },
    { types: ['SignedIn'] },
    { types: ['KeyUsed', 'KeyCreated', 'KeyRevoked', 'KeyRefused'] },
  ];
  const ofActor = [
    ...[{}, { actor: 'usr_ben' }, { actor: '100@example.com' }],
    ...[{ actor: keyId(2) }, { actor: by(2).label }],
  ];
  const ofWindow: [string, Partial<AuditQuery>][] = [
    ['at any time', {}],
    ['within a millisecond', { from: timeOf(750), to: new Date(timeOf(750).getTime() + 1) }],
    ['from a time on', { from: timeOf(995) }],
    ['up to a time', { to: timeOf(5) }],
    ['beyond a cursor', { after: '00000000000000030000' }],
  ];
  describe.each(ofWindow)('the audit trail %s', (_, window) => {
    it.each(['asc', 'desc'] as const)('by each combination of filters, %s', async (order) => {
      const tooMany: unknown[] = [];
      for (const key of ofKey) {
        for (const types of ofTypes) {
          for (const actor of ofActor) {
            const query = { accountId, order, limit, ...window, ...key, ...types, ...actor };
            const count = await examined(() => listAuditEntries(view, query));
            if (count > fewForAPage) tooMany.push({ ...key, ...types, ...actor, count });
          }
        }
      }
      expect(tooMany).toEqual([]);
    });

    it('the uses of keys', async () => {
      const { from, to, after } = window;
      const times = { ...(from && { from }), ...(to && { to }), ...(after && { after }) };
      for (const key of ofKey) {
        const count = await examined(() => listUses(view, { accountId, limit, ...key, ...times }));
        expect(count).toBeLessThanOrEqual(fewForAPage);
      }
    });
  });

  it.each<[string, Partial<KeyQuery>]>([
    ['all', {}],
    ['of a status', { status: 'Active' }],
    ['of a creator', { createdBy: ben.label }],
    ['of a creator and a status', { createdBy: ben.label, status: 'Active' }],
    ['beyond a cursor', { after: '00000000000000015000', status: 'Revoked' }],
  ])('keys: %s', async (_, query) => {
    const count = await examined(() => listKeys(view, { accountId, limit, ...query }));
    expect(count).toBeLessThanOrEqual(limit + 1);
  });

  it('members and invitations, whoever was there before', async () => {
    const now = new Date('2026-03-20T00:00:00.000Z');
    expect(await examined(() => listMembers(view, accountId))).toBe(1);
    expect(await examined(() => listOpenInvitations(view, accountId, now))).toBe(1);
    expect(await examined(() => findMemberships(view, 'usr_100'))).toBe(1);
  });

  it('uses over time', async () => {
    const [from, to] = [new Date(START), new Date(START + 3_600_000)];
    const query = { accountId, bucket: 'hour', from, to } as const;
    expect(await examined(() => readUsageSeries(view, query))).toBe(2);
    const one = { ...query, apiKeyId: keyId(2) };
    expect(await examined(() => readUsageSeries(view, one))).toBe(1);
    expect(await examined(() => readTopUsageSeries(view, query, 1))).toBeLessThanOrEqual(6);
  });
});
