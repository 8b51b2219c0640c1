import { TurnsAtPasswords } from './turns-at-passwords.js';

interface Work {
  readonly name: string;
  end(): void;
  fail(): void;
}

function workshop(turns: TurnsAtPasswords) {
  const begun: Work[] = [];
  const ask = (name: string) =>
    turns.take(
      () =>
        new Promise<string>((resolve, reject) => {
          begun.push({
            name,
            end: () => {
              resolve(name);
            },
            fail: () => {
              reject(new Error(name));
            },
          });
        }),
    );
  return { begun, ask, names: () => begun.map(({ name }) => name) };
}

const settled = () => new Promise(setImmediate);

describe('turns', () => {
  it('are for so many at once, and for those who wait in their order', async () => {
    const { ask, begun, names } = workshop(
      new TurnsAtPasswords({ atOnce: 2, maxWaiting: 20, waitMs: 60_000 }),
    );
    const asked = ['a', 'b', 'c', 'd'].map(ask);
    await settled();
    expect(names()).toEqual(['a', 'b']);
    begun[1]?.fail();
    await expect(asked[1]).rejects.toThrow('b');
    await settled();
    expect(names()).toEqual(['a', 'b', 'c']);
    for (let index = 0; index < 4; index += 1) {
      begun[index]?.end();
      await settled();
    }
    expect(await Promise.all([asked[0], asked[2], asked[3]])).toEqual(['a', 'c', 'd']);
    const next = ask('e');
    await settled();
    begun[4]?.end();
    expect(await next).toBe('e');
  });

  it('are for no more than may wait', async () => {
    const { ask, begun } = workshop(
      new TurnsAtPasswords({ atOnce: 1, maxWaiting: 1, waitMs: 60_000 }),
    );
    const asked = [ask('a'), ask('b')];
    await expect(ask('c')).rejects.toMatchObject({ code: 'queue_full' });
    for (const index of [0, 1]) {
      await settled();
      begun[index]?.end();
    }
    expect(await Promise.all(asked)).toEqual(['a', 'b']);
  });

  it('that do not come in time are never taken', async () => {
    const { ask, begun, names } = workshop(
      new TurnsAtPasswords({ atOnce: 1, maxWaiting: 1, waitMs: 1 }),
    );
    const first = ask('a');
    await expect(ask('b')).rejects.toMatchObject({ code: 'queue_full' });
    begun[0]?.end();
    await first;
    await settled();
    expect(names()).toEqual(['a']);
  });
});
