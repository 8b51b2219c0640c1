import { endpoints } from './endpoints.js';
import { SignInLimits } from './sign-in-limits.js';
import type { Attempt } from './sign-in-limits.js';

const attempt = (name: string, ip: string, email?: string): Attempt => {
  const endpoint = endpoints[name];
  if (!endpoint) throw new Error(`${name} is not open`);
  return { name, endpoint, ip, email };
};

const signingIn = (ip: string): Attempt => attempt('/sign-in/email', ip, `${Math.random()}@x.test`);

/** Those who were let in, and do not go before they are told to. */
function visitors(limits: SignInLimits) {
  const served: string[] = [];
  const refused: string[] = [];
  const leaving: (() => void)[] = [];
  const visit = (one: Attempt): Promise<void> =>
    limits
      .serve(one, () => {
        served.push(one.ip ?? '');
        return new Promise<void>((resolve) => leaving.push(resolve));
      })
      .catch((error: unknown) => {
        refused.push((error as { code: string }).code);
      });
  const leave = async (): Promise<void> => {
    while (leaving.length > 0) {
      leaving.shift()?.();
      await new Promise(setImmediate);
    }
  };
  return { served, refused, visit, leave };
}

describe('of those who have a password looked at', () => {
  it('two are served at a time, 20 wait, and one more is refused', async () => {
    const { served, refused, visit, leave } = visitors(new SignInLimits());
    const visits = Array.from({ length: 25 }, (_, index) => visit(signingIn(`192.0.2.${index}`)));
    await new Promise(setImmediate);
    expect(served).toHaveLength(2);
    expect(refused).toEqual(Array(3).fill('queue_full'));
    await leave();
    await Promise.all(visits);
    expect(served).toHaveLength(22);
  });

  it('ten of one network are there at a time, and others find a place', async () => {
    const { served, refused, visit, leave } = visitors(new SignInLimits());
    const flood = Array.from({ length: 30 }, () => visit(signingIn('2001:db8::1')));
    const other = visit(signingIn('2001:db8:1::1'));
    await new Promise(setImmediate);
    expect(refused).toEqual(Array(20).fill('share_full'));
    await leave();
    await Promise.all([...flood, other]);
    expect(served).toContain('2001:db8:1::1');
    await leave();
    const again = visit(signingIn('192.0.2.1'));
    await leave();
    await again;
  });
});

describe('passwords are tried', () => {
  const served = () => Promise.resolve(1);

  it('20 times a minute of an address from where its owner has signed in, whatever others do', async () => {
    const limits = new SignInLimits();
    const owner = attempt('/sign-in/email', '203.0.113.9', 'Ada@example.com');
    await limits.serve(owner, served);
    limits.succeeded(owner);
    const strangers = Array.from({ length: 25 }, (_, index) =>
      limits.serve(attempt('/sign-in/email', `192.0.2.${index}`, 'ada@example.com'), served),
    );
    const refused = (await Promise.allSettled(strangers)).filter(
      ({ status }) => status === 'rejected',
    );
    expect(refused).toHaveLength(5);
    for (let time = 0; time < 20; time += 1) await limits.serve(owner, served);
    await expect(limits.serve(owner, served)).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it('20 times a minute for one address, however it is written, from wherever', async () => {
    const limits = new SignInLimits();
    for (let time = 0; time < 20; time += 1) {
      const email = time % 2 ? 'ada@example.com' : 'Ada@Example.com';
      await limits.serve(attempt('/sign-in/email', `192.0.2.${time}`, email), served);
    }
    const another = attempt('/sign-in/email', '192.0.2.99', 'ADA@example.com');
    await expect(limits.serve(another, served)).rejects.toMatchObject({
      status: 429,
      code: 'rate_limited',
      headers: { 'retry-after': '60' },
    });
    await limits.serve(signingIn('192.0.2.99'), served);
  });

  it('as often as one likes by those who know theirs', async () => {
    const limits = new SignInLimits();
    for (let time = 0; time < 25; time += 1) {
      const good = attempt('/sign-in/email', `192.0.2.${time}`, 'ada@example.com');
      await limits.serve(good, served);
      limits.succeeded(good);
    }
  });

  it.each(['/sign-in/email', '/sign-up/email', '/change-password'])(
    '30 times a minute from one network, at %s',
    async (name) => {
      const limits = new SignInLimits();
      const from = (ip: string) =>
        limits.serve(attempt(name, ip, `${Math.random()}@x.test`), served);
      for (let time = 0; time < 30; time += 1) await from(`2001:db8::${time}`);
      await expect(from('2001:db8::ffff')).rejects.toMatchObject({ status: 429 });
      await from('2001:db8:0:1::1');
    },
  );
});

it('all else is served at once, and 600 times a minute for one network', async () => {
  const limits = new SignInLimits();
  const ask = (name: string) => limits.serve(attempt(name, '192.0.2.1'), () => Promise.resolve(1));
  for (let time = 0; time < 600; time += 1) await ask('/sign-out');
  await expect(ask('/update-user')).rejects.toMatchObject({ status: 429 });
  for (let time = 0; time < 700; time += 1) expect(await ask('/get-session')).toBe(1);
});
