import { backOffMs, readRetryAfter } from './retry.js';

const now = new Date('2026-01-31T09:30:00Z');

describe('the back-off', () => {
  it('doubles with each failure up to its cap, half of it at random', () => {
    const bounds = { baseMs: 100, capMs: 1_000 };
    const delays = [1, 2, 3, 4, 5, 60].map((failures) => [
      backOffMs(failures, bounds, 0),
      backOffMs(failures, bounds, 1),
    ]);
    expect(delays).toEqual([
      [50, 100],
      [100, 200],
      [200, 400],
      [400, 800],
      [500, 1_000],
      [500, 1_000],
    ]);
  });
});

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['7', 7_000],
    [' 7 ', 7_000],
    ['Sat, 31 Jan 2026 09:30:05 GMT', 5_000],
    ['Sat, 31 Jan 2026 09:29:05 GMT', 0],
    ['soon', undefined],
    [null, undefined],
  ])('%j', (value, expected) => {
    expect(readRetryAfter(value, now)).toBe(expected);
  });
});
