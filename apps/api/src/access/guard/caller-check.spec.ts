import type { FastifyRequest } from 'fastify';
import type { PersonIdentity } from '../permission/identity.js';
import type { CredentialLookUp } from '../key-check/credential-look-up.js';
import type { SessionAuthenticator } from './session-authenticator.js';
import { noAccount } from '../permission/forbidden.js';
import { unauthorized } from '../permission/unauthorized.js';
import type { ApiSettings } from '@keytrail/platform';
import { unavailable } from '../../http/problem.js';
import { CallerCheck } from './caller-check.js';

const ada: PersonIdentity = {
  kind: 'person',
  accountId: 'acc_a',
  role: 'owner',
  userId: 'usr_ada',
  email: 'ada@example.com',
  name: 'Ada',
};

/** Whether Ada may still read when the look-up of her session ends like this. */
function check(authenticate: () => Promise<PersonIdentity | null>): Promise<boolean> {
  const sessions = { authenticate } as unknown as SessionAuthenticator;
  const unused = {} as ApiSettings;
  const callers = new CallerCheck(unused, {} as CredentialLookUp, sessions);
  return callers.mayStillRead({} as FastifyRequest, ada);
}

describe('a signed-in reader', () => {
  it('may go on while signed in to the account', async () => {
    expect(await check(() => Promise.resolve(ada))).toBe(true);
  });

  it.each([
    ['has signed out', null],
    ['is somebody else', { ...ada, userId: 'usr_bob' }],
    ['is in another account', { ...ada, accountId: 'acc_b' }],
  ])('may not go on who %s', async (_, found) => {
    expect(await check(() => Promise.resolve(found))).toBe(false);
  });

  it.each([
    ['another account is named', unauthorized('wrong_account')],
    ['there is no account left', noAccount()],
  ])('may not go on when refused because %s', async (_, refusal) => {
    expect(await check(() => Promise.reject(refusal))).toBe(false);
  });

  it('is not refused while the session cannot be looked up', async () => {
    const outage = unavailable('read_model_unavailable', 'Try again shortly.');
    await expect(check(() => Promise.reject(outage))).rejects.toBe(outage);
  });
});
