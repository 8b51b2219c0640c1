import { median, percentile, rounded } from './percentile.js';

const upTo = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => count - index);

describe('percentile', () => {
  test.each([
    [100, 0.99, 99],
    [100, 0.5, 50],
    [100, 1, 100],
    [101, 0.5, 51],
    [3, 0.99, 3],
    [1, 0.01, 1],
  ])('of the numbers from 1 to %d at %d is %d', (count, share, expected) => {
    expect(percentile(upTo(count), share)).toBe(expected);
  });

  test('compares numbers as numbers', () => {
    expect(percentile([9, 10, 100], 0.5)).toBe(10);
  });

  test('of nothing is an error', () => {
    expect(() => percentile([], 0.5)).toThrow('at least one sample');
  });
});

describe('median', () => {
  test.each([
    [[7], 7],
    [[3, 1], 2],
    [[10, 9, 100], 10],
    [[4, 1, 3, 2], 2.5],
  ])('of %p is %d', (samples, expected) => {
    expect(median(samples)).toBe(expected);
  });
});

test('results are rounded to four significant digits', () => {
  expect([12_345.6, 0.123_456, 0].map(rounded)).toEqual([12_350, 0.1235, 0]);
});
