import { readFileSync } from 'node:fs';

const read = (file: string): string =>
  readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

/** Every variable that docker-compose.yml takes from outside, with what follows its name. */
const taken = Array.from(
  read('docker-compose.yml').matchAll(/\$\{([A-Z_]+)([^}]*)\}/g),
  ([, name = '', rest = '']) => ({ name, rest }),
);
const secrets = [...new Set(taken.map(({ name }) => name))].filter((name) =>
  /_(PASSWORD|SECRET)$/.test(name),
);
const example = read('.env.example')
  .split('\n')
  .filter((line) => /^[A-Z]/.test(line));

describe('docker-compose.yml', () => {
  it('takes exactly the variables of .env.example, where all are empty', () => {
    const names = new Set(taken.map(({ name }) => name));
    expect([...example].sort()).toEqual([...names].map((name) => `${name}=`).sort());
  });

  it.each(secrets)('does not start without %s, and knows no default for it', (secret) => {
    const uses = taken.filter(({ name }) => name === secret).map(({ rest }) => rest);
    expect(uses.some((rest) => rest.startsWith(':?'))).toBe(true);
    expect(uses.filter((rest) => rest !== '' && !rest.startsWith(':?'))).toEqual([]);
  });

  it('gives the password of the admin to no process of Keytrail that stays', () => {
    const services = read('docker-compose.yml').split(/\n(?= {2}[a-z-]+:\n)/);
    const withAdmin = services
      .filter((text) => text.includes('EVENTSTORE_ADMIN_PASSWORD'))
      .map((text) => /^ {2}([a-z-]+):/m.exec(text)?.[1]);
    expect(withAdmin).toEqual(['eventstore-user', 'eventstore']);
  });
});
