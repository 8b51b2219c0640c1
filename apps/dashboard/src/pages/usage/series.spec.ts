import { ranges, stack, startsOf, toSeries } from './series.js';

const now = Date.parse('2026-03-10T12:34:56.000Z');
const starts = startsOf({ ...ranges['24h'], buckets: 3 }, now);
const bucket = (hour: number, apiKeyId: string, count: number) => ({
  start: `2026-03-10T${hour}:00:00.000Z`,
  apiKeyId,
  count,
});

describe('uses over time', () => {
  it('has one place per hour, the current hour last', () => {
    expect(starts.map((start) => new Date(start).toISOString())).toEqual([
      '2026-03-10T10:00:00.000Z',
      '2026-03-10T11:00:00.000Z',
      '2026-03-10T12:00:00.000Z',
    ]);
  });

  it('counts 0 where the answer leaves a bucket out', () => {
    expect(toSeries({ buckets: [bucket(11, 'a', 4)] }, starts)).toEqual([
      { apiKeyId: 'a', total: 4, counts: [0, 4, 0] },
    ]);
  });

  it('shows the most used keys first and all others as one', () => {
    const buckets = [bucket(12, 'c', 2), bucket(11, 'b', 3), bucket(12, 'b', 2)];
    const others = [bucket(10, 'others', 1), bucket(12, 'others', 1)];
    expect(toSeries({ buckets, others }, starts)).toEqual([
      { apiKeyId: 'b', total: 5, counts: [0, 3, 2] },
      { apiKeyId: 'c', total: 2, counts: [0, 0, 2] },
      { apiKeyId: null, total: 2, counts: [1, 0, 1] },
    ]);
  });

  it('stacks each series on those before it', () => {
    const buckets = [bucket(10, 'a', 3), bucket(10, 'b', 1), bucket(12, 'b', 1)];
    const series = toSeries({ buckets }, starts);
    expect(stack(series)).toEqual([
      [3, 0, 0],
      [4, 0, 1],
    ]);
  });

  it('leaves out uses from outside of the range', () => {
    expect(toSeries({ buckets: [bucket(9, 'a', 3)] }, starts)).toEqual([]);
  });
});
