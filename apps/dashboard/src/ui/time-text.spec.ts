import { DAY_MS, relativeTime } from './time-text.js';

const now = Date.parse('2026-03-10T12:00:00.000Z');
const [SECOND_MS, MINUTE_MS, HOUR_MS] = [1_000, 60_000, 3_600_000];

describe('a relative time', () => {
  it.each([
    [0, 'just now'],
    [-59 * SECOND_MS, 'just now'],
    [-5 * MINUTE_MS - 59 * SECOND_MS, '5 minutes ago'],
    [-23 * HOUR_MS - 59 * MINUTE_MS, '23 hours ago'],
    [-2 * DAY_MS + SECOND_MS, 'yesterday'],
    [-31 * DAY_MS, 'Feb 7, 2026'],
    // An invitation is good for seven days, of which a moment has passed when it is shown.
    [7 * DAY_MS - SECOND_MS, 'in 7 days'],
    [6 * DAY_MS + 11 * HOUR_MS, 'in 6 days'],
    [HOUR_MS - SECOND_MS, 'in 1 hour'],
    [DAY_MS - SECOND_MS, 'tomorrow'],
    [30 * DAY_MS - SECOND_MS, 'Apr 9, 2026'],
  ])('of %d ms from now is "%s"', (distance, text) => {
    expect(relativeTime(now + distance, now)).toBe(text);
  });
});
