import { jest } from '@jest/globals';
import { AttemptFolder } from './attempt-folder.js';
import type { Folded, FolderOptions } from './attempt-folder.js';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function fold(options: Partial<FolderOptions<string>> = {}) {
  const handed: Folded<string>[] = [];
  const folder = new AttemptFolder<string>({
    ...options,
    record: (one) => {
      handed.push(one);
      return Promise.resolve();
    },
  });
  const shown = (): string[] =>
    handed
      .splice(0)
      .map(({ attempt, count, isOfMany }) => `${count} ${attempt}${isOfMany ? ' and others' : ''}`);
  return { folder, shown };
}

describe('attempts with one key', () => {
  it('of four callers within a second are four entries, each with its own caller and number', () => {
    const { folder, shown } = fold();
    for (const caller of ['a', 'b', 'c', 'd', 'd', 'd', 'a']) folder.add('key', caller, caller);
    expect(shown()).toEqual(['1 a', '1 b', '1 c', '1 d']);
    jest.advanceTimersByTime(1_000);
    expect(shown()).toEqual(['1 a', '2 d']);
  });

  it('that go on are one entry a second for each caller, until they end', () => {
    const { folder, shown } = fold();
    for (let second = 0; second < 3; second += 1) {
      for (let time = 0; time < 10; time += 1) folder.add('key', 'a', 'a');
      jest.advanceTimersByTime(1_000);
    }
    expect(shown()).toEqual(['1 a', '9 a', '10 a', '10 a']);
    jest.advanceTimersByTime(2_000);
    expect(jest.getTimerCount()).toBe(0);
    folder.add('key', 'a', 'a');
    expect(shown()).toEqual(['1 a']);
  });

  it('of more than 20 callers within a second are counted together', () => {
    const { folder, shown } = fold();
    for (let caller = 1; caller <= 1_000; caller += 1)
      folder.add('key', `c${caller}`, `c${caller}`);
    expect(shown()).toHaveLength(20);
    jest.advanceTimersByTime(1_000);
    expect(shown()).toEqual(['980 c1000 and others']);
  });
});

it('attempts with many keys lose nothing, and are not all kept', async () => {
  const { folder, shown } = fold({ mostKeys: 100 });
  for (let key = 0; key < 1_000; key += 1) {
    for (let time = 0; time < 3; time += 1) folder.add(`key${key}`, 'a', 'a');
    expect(jest.getTimerCount()).toBeLessThanOrEqual(100);
  }
  await folder.end();
  const count = shown().reduce((sum, one) => sum + Number(one.split(' ')[0]), 0);
  expect(count).toBe(3_000);
  expect(jest.getTimerCount()).toBe(0);
});

it('the end waits until all is recorded', async () => {
  let finish = (): void => undefined;
  const done: string[] = [];
  const folder = new AttemptFolder<string>({
    record: async ({ attempt }) => {
      await new Promise<void>((resolve) => (finish = resolve));
      done.push(attempt);
    },
  });
  folder.add('key', 'a', 'a');
  const ending = folder.end();
  expect(done).toEqual([]);
  finish();
  await ending;
  expect(done).toEqual(['a']);
});
