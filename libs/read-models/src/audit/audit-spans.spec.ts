import { runsOf } from './audit-spans.js';

const on = (time: string): Date => new Date(`2026-03-01T${time}Z`);
const shown = (from: Date, to: Date): string[] =>
  runsOf(from, to).map((run) =>
    [run.span, ...[run.from, run.to].map((time) => time.toISOString().slice(11, 23))].join(' '),
  );

describe('a window of time in hours and seconds', () => {
  it.each([
    ['a millisecond', '10:00:00.500', '10:00:00.501', ['second 10:00:00.000 10:00:01.000']],
    ['nothing', '10:00:00.000', '10:00:00.000', []],
    ['an hour', '10:00:00.000', '11:00:00.000', ['hour 10:00:00.000 11:00:00.000']],
    ['less than an hour', '10:59:59.000', '11:59:58.001', ['second 10:59:59.000 11:59:59.000']],
    [
      'hours and what is around them',
      '09:59:58.500',
      '12:00:01.000',
      [
        'second 09:59:58.000 10:00:00.000',
        'hour 10:00:00.000 12:00:00.000',
        'second 12:00:00.000 12:00:01.000',
      ],
    ],
  ])('%s', (_, from, to, expected) => {
    expect(shown(on(from), on(to))).toEqual(expected);
  });
});
