import type { Figure } from './figures.js';
import { timesBetter, verdictOf } from './figures.js';

const ratio = (measured: number): Figure => ({
  ...{ name: 'ratio', measured, unit: '', better: 'more', bound: 0.25, aim: 0.5 },
});
const lag = (measured: number): Figure => ({
  ...{ name: 'lag', measured, unit: 'ms', better: 'less', bound: 1_000, aim: 100 },
});

test.each([
  [ratio(0.24), 'missed'],
  [ratio(0.25), 'reached'],
  [ratio(0.5), 'aim reached'],
  [lag(1_001), 'missed'],
  [lag(1_000), 'reached'],
  [lag(100), 'aim reached'],
  [lag(NaN), 'missed'],
])('%j is %s', (figure, verdict) => {
  expect(verdictOf(figure)).toBe(verdict);
});

test('twice as good is twice as good, whether more or less is better', () => {
  expect(timesBetter(ratio(0), 0.5)).toBe(2);
  expect(timesBetter(lag(0), 500)).toBe(2);
});
