import type { Credential } from '@keytrail/read-models';
import type { CallerRecord } from '../../http/caller-record.js';
import { decideOnKey } from './decide-on-key.js';
import type { AccountTerms, KeyPorts } from './decide-on-key.js';
import type { KeyIdentity } from '../permission/identity.js';

const caller: CallerRecord = {
  ...{ requestId: 'req_1', method: 'GET', path: '/v1/me', ip: '192.0.2.7', userAgent: 'curl/8' },
};
const identity: KeyIdentity = {
  ...{ kind: 'key', keyId: 'key_1', accountId: 'acc_1', name: 'CI', keyPrefix: 'axk_1234' },
};
const active: Credential = {
  ...{ keyId: 'key_1', accountId: 'acc_1', name: 'CI', keyPrefix: 'axk_1234' },
  ...{ status: 'Active', secretHash: 'hash_1' },
};
const revoked: Credential = { ...active, status: 'Revoked' };
const position = { commit: 7n, prepare: 7n };

/** Ports that find one credential, and what was recorded by them. */
function world(credential: Credential | undefined, ports: Partial<KeyPorts['record']> = {}) {
  const recorded: (readonly [kind: string, KeyIdentity, CallerRecord, reason?: string])[] = [];
  const record: KeyPorts['record'] = {
    use: (...use) => {
      recorded.push(['use', ...use]);
      return Promise.resolve(position);
    },
    refusal: (...refusal) => recorded.push(['refusal', ...refusal]),
    ...ports,
  };
  const asked: string[] = [];
  const lookUp: KeyPorts['lookUp'] = {
    findByHash: (key) => {
      asked.push(key);
      return Promise.resolve(credential);
    },
  };
  const decide = (terms?: AccountTerms) =>
    decideOnKey({ lookUp, record }, 'the key', caller, terms);
  return { decide, recorded, asked };
}

describe('the decision on a key', () => {
  it('is yes for an active key, and its use is recorded with its caller', async () => {
    const { decide, recorded, asked } = world(active);
    expect(await decide()).toEqual({ ok: true, identity, position });
    expect(recorded).toEqual([['use', identity, caller]]);
    expect(asked).toEqual(['the key']);
  });

  it('G1: is no yes while the use is not recorded, nor when it cannot be', async () => {
    let fail: (error: Error) => void = () => undefined;
    const use = () => new Promise<never>((_, reject) => (fail = reject));
    const deciding = world(active, { use }).decide();
    const first = await Promise.race([deciding, new Promise((go) => setImmediate(go, 'waits'))]);
    expect(first).toBe('waits');
    fail(new Error('no record'));
    await expect(deciding).rejects.toThrow('no record');
  });

  it('is no for a key that was never issued, and nothing is recorded', async () => {
    const { decide, recorded } = world(undefined);
    expect(await decide()).toEqual({ ok: false, code: 'unknown_key' });
    expect(recorded).toEqual([]);
  });

  it('G2: is no for a revoked key, and the attempt is noted with its caller', async () => {
    const { decide, recorded } = world(revoked);
    expect(await decide()).toEqual({ ok: false, code: 'revoked_key' });
    expect(recorded).toEqual([['refusal', identity, caller, 'revoked_key']]);
  });

  it('is yes when all accounts that the request names are that of the key', async () => {
    const { decide } = world(active);
    expect(await decide({ named: ['acc_1', 'acc_1'] })).toMatchObject({ ok: true });
  });

  it('is no when one of the accounts that the request names is another one, and that is noted', async () => {
    const { decide, recorded } = world(active);
    expect(await decide({ named: ['acc_1', 'acc_2'] })).toEqual({
      ok: false,
      code: 'wrong_account',
    });
    expect(recorded).toEqual([['refusal', identity, caller, 'wrong_account']]);
  });

  it('says of a revoked key that it is revoked, whatever account the request names', async () => {
    const { decide, recorded } = world(revoked);
    expect(await decide({ named: ['acc_2'] })).toEqual({ ok: false, code: 'revoked_key' });
    expect(recorded).toEqual([['refusal', identity, caller, 'revoked_key']]);
  });

  it('is yes within the account of the key', async () => {
    expect(await world(active).decide({ within: 'acc_1' })).toMatchObject({ ok: true });
  });

  it.each([
    ['active', active],
    ['revoked', revoked],
  ])('G6: an %s key is unknown within another account, and nothing is recorded', async (_, key) => {
    const { decide, recorded } = world(key);
    expect(await decide({ within: 'acc_2' })).toEqual({ ok: false, code: 'unknown_key' });
    expect(recorded).toEqual([]);
  });
});
