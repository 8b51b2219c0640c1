import { AttemptLimit } from './attempt-limit.js';

function limitBy(max: number, windowMs: number) {
  let time = 0;
  const limit = new AttemptLimit({ max, windowMs, now: () => time });
  return {
    limit,
    pass: (ms: number) => {
      time += ms;
    },
  };
}

describe('a limit of attempts', () => {
  it('lets so many go on within a window, and says when it ends', () => {
    const { limit, pass } = limitBy(2, 60_000);
    expect([limit.count('a'), limit.count('a')]).toEqual([0, 0]);
    pass(15_000);
    expect(limit.count('a')).toBe(45);
    expect(limit.count('b')).toBe(0);
    pass(45_000);
    expect(limit.count('a')).toBe(0);
  });

  it('is not made longer by those who go on trying', () => {
    const { limit, pass } = limitBy(1, 60_000);
    limit.count('a');
    for (let second = 0; second < 59; second += 1) {
      pass(1_000);
      expect(limit.count('a')).toBe(59 - second);
    }
    pass(1_000);
    expect(limit.count('a')).toBe(0);
  });

  it('does not know the time of day, which may be set back', () => {
    const limit = new AttemptLimit({ max: 1, windowMs: 60_000 });
    const day = Date.now;
    limit.count('a');
    Date.now = () => day() - 3_600_000;
    try {
      expect(limit.count('a')).toBeLessThanOrEqual(60);
    } finally {
      Date.now = day;
    }
  });

  it('forgets a key whose attempts were good ones', () => {
    const { limit } = limitBy(1, 60_000);
    limit.count('a');
    limit.forget('a');
    expect(limit.count('a')).toBe(0);
  });

  it('keeps no more than 10,000 keys, the newest', () => {
    const { limit, pass } = limitBy(1, 60_000);
    for (let key = 0; key < 20_000; key += 1) limit.count(String(key));
    expect(limit.size).toBe(10_000);
    expect(limit.count('19999')).toBe(60);
    pass(60_000);
    limit.count('a');
    expect(limit.size).toBe(1);
  });
});
