import { FairTurns } from './fair-turns.js';
import type { FairTurnsOptions } from './fair-turns.js';

interface Work {
  readonly name: string;
  end(): void;
  fail(): void;
}

function workshop(options: Partial<FairTurnsOptions> = {}) {
  const turns = new FairTurns({ atOnce: 1, maxWaiting: 20, waitMs: 60_000, ...options });
  const begun: Work[] = [];
  const ask = (name: string, group = '') =>
    turns.take(
      group,
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
    const { ask, begun, names } = workshop({ atOnce: 2 });
    const asked = ['a', 'b', 'c', 'd'].map((name) => ask(name));
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
    const { ask, begun } = workshop({ maxWaiting: 1 });
    const asked = [ask('a'), ask('b')];
    await expect(ask('c')).rejects.toMatchObject({ code: 'queue_full' });
    for (const index of [0, 1]) {
      await settled();
      begun[index]?.end();
    }
    expect(await Promise.all(asked)).toEqual(['a', 'b']);
  });

  it('that do not come in time are never taken', async () => {
    const { ask, begun, names } = workshop({ maxWaiting: 1, waitMs: 1 });
    const first = ask('a');
    await expect(ask('b')).rejects.toMatchObject({ code: 'queue_full' });
    begun[0]?.end();
    await first;
    await settled();
    expect(names()).toEqual(['a']);
  });

  it('that do not come in time are told of as the owner of the turns says', async () => {
    const { ask, begun } = workshop({ waitMs: 1, late: () => new Error('the store is silent') });
    const first = ask('a');
    await expect(ask('b')).rejects.toThrow('the store is silent');
    begun[0]?.end();
    await first;
  });

  it('go from group to group', async () => {
    const { ask, begun, names } = workshop({ maxWaitingPerGroup: 3 });
    const many = ['a1', 'a2', 'a3', 'a4'].map((name) => ask(name, 'a'));
    await expect(ask('a5', 'a')).rejects.toMatchObject({ code: 'share_full' });
    const few = ask('b1', 'b');
    for (let index = 0; index < 5; index += 1) {
      await settled();
      begun[index]?.end();
    }
    await Promise.all([...many, few]);
    expect(names()).toEqual(['a1', 'a2', 'b1', 'a3', 'a4']);
  });

  it('are never all of one group, also when nobody else waits', async () => {
    const { ask, begun, names } = workshop({ atOnce: 2, atOncePerGroup: 1 });
    const many = [ask('a1', 'a'), ask('a2', 'a')];
    await settled();
    expect(names()).toEqual(['a1']);
    const few = ask('b1', 'b');
    await settled();
    expect(names()).toEqual(['a1', 'b1']);
    begun[1]?.end();
    await few;
    expect(names()).toEqual(['a1', 'b1']);
    begun[0]?.end();
    await settled();
    begun[2]?.end();
    await Promise.all(many);
    expect(names()).toEqual(['a1', 'b1', 'a2']);
  });
});
