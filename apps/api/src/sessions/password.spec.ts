import { hashPassword, verifyPassword } from 'better-auth/crypto';
import { PasswordHasher } from './password-hasher.js';
import { passwordFault } from './password-rules.js';

describe('the hash of a password', () => {
  const hasher = new PasswordHasher();
  const password = 'pass phrase ﬁve';

  it('is one that the sign-in library reads, and the other way round', async () => {
    const hash = await hasher.hash(password);
    expect(await verifyPassword({ hash, password })).toBe(true);
    expect(await hasher.verify({ hash: await hashPassword(password), password })).toBe(true);
    expect(await hasher.verify({ hash, password: 'pass phrase five' })).toBe(true);
    expect(await hasher.verify({ hash, password: `${password} ` })).toBe(false);
  });

  it.each(['', 'salt', 'salt:', 'salt:zz', ':'])(
    'that is none, such as %j, fits nothing',
    async (hash) => {
      expect(await hasher.verify({ hash, password: '' })).toBe(false);
    },
  );

  it('differs each time', async () => {
    const [one, other] = await Promise.all([hasher.hash(password), hasher.hash(password)]);
    expect(one).not.toBe(other);
  });
});

describe('a password', () => {
  it.each([
    ['          ', 'spaces'],
    ['Password123', 'used most'],
    ['1234567890', 'used most'],
    ['qwertyuiop', 'used most'],
    [' QwertyUiop ', 'used most'],
    ['Ada.Lovelace@Example.com', 'address'],
    ['ada.lovelace', 'address'],
  ])('%j is easy to guess', (password, why) => {
    expect(passwordFault(password, 'ada.lovelace@example.com')).toContain(why);
  });

  it.each(['correct horse battery', '2f1d7c0e-5d5b', 'toString is fine', 'constructor'])(
    '%j is not',
    (password) => {
      expect(passwordFault(password, 'ada@example.com')).toBeNull();
    },
  );
});
