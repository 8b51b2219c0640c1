import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { findPerson, findPersonByEmail, setCurrentAccountOf } from './people-of-library.js';
import type { Auth } from './auth.js';

const auth = betterAuth({
  secret: 'only for this test'.repeat(2),
  baseURL: 'http://127.0.0.1:3000',
  database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
  emailAndPassword: { enabled: true },
  user: {
    additionalFields: { currentAccountId: { type: 'string', required: false, input: false } },
  },
  logger: { disabled: true },
});

describe('the people of the sign-in library', () => {
  let userId: string;
  beforeAll(async () => {
    const body = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' };
    userId = (await auth.api.signUpEmail({ body })).user.id;
  });

  it('are found, and take another account, without a session', async () => {
    const people = auth as unknown as Auth;
    await setCurrentAccountOf(people, userId, 'acc_1');
    expect(await findPerson(people, userId)).toMatchObject({ currentAccountId: 'acc_1' });
    expect(await findPerson(people, 'nobody')).toBeNull();
    expect(await findPersonByEmail(people, 'ada@example.com')).toMatchObject({ id: userId });
    expect(await findPersonByEmail(people, 'eve@example.com')).toBeNull();
  });

  it('are not to be had by its API, for then this adapter can go', async () => {
    const { updateUser } = auth.api as unknown as {
      updateUser: (call: object) => Promise<unknown>;
    };
    const call = { body: { currentAccountId: 'acc_2' }, headers: new Headers() };
    await expect(updateUser(call)).rejects.toMatchObject({ statusCode: 401 });
    expect(Object.keys(auth.api).filter((name) => /(find|get)User/i.test(name))).toEqual([]);
  });
});
