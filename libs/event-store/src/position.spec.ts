import { comparePositions, compareProgress, formatPosition, parsePosition } from './position.js';
import type { LogPosition, Progress } from './recorded-event.js';

const at = (commit: bigint, prepare = commit): LogPosition => ({ commit, prepare });

/** In the order of the log; events of one write may share its commit position. */
const ascending: readonly LogPosition[] = [
  at(0n),
  at(9n),
  at(10n),
  at(10n, 11n),
  at(10n, 200n),
  at(11n),
  at(999_999_999_999n),
  at(1_000_000_000_000n),
  // Beyond what a number can tell apart.
  at(9_007_199_254_740_992n),
  at(9_007_199_254_740_993n),
  // The last that 64 bits hold.
  at(18_446_744_073_709_551_615n),
];
const shuffled = [7, 2, 10, 0, 5, 9, 3, 1, 8, 6, 4].flatMap((index) => ascending[index] ?? []);

describe('a position in the log', () => {
  it('is before all that come after it, and the same place as itself', () => {
    expect([...shuffled].sort(comparePositions)).toEqual(ascending);
    for (const [index, position] of ascending.entries()) {
      expect(comparePositions(position, { ...position })).toBe(0);
      for (const later of ascending.slice(index + 1)) {
        expect(comparePositions(position, later)).toBeLessThan(0);
        expect(comparePositions(later, position)).toBeGreaterThan(0);
      }
    }
  });

  it('sorts as text as the log does, after the text of no position', () => {
    const texts = ascending.map(formatPosition);
    expect([...shuffled.map(formatPosition), ''].sort()).toEqual(['', ...texts]);
  });

  it.each(ascending)('is read back from its text: $commit, $prepare', (position) => {
    expect(parsePosition(formatPosition(position))).toEqual(position);
  });

  it('is written as the commit position, with the prepare position where they differ', () => {
    expect(formatPosition(at(1_234n))).toBe('00000000000000001234');
    expect(formatPosition(at(1_234n, 1_240n))).toBe('00000000000000001234-00000000000000001240');
  });

  it.each(['x', '1-x', '1.5'])('is not made of %j', (text) => {
    expect(() => parsePosition(text)).toThrow(SyntaxError);
  });
});

describe('progress in the log', () => {
  const upTo = (position: LogPosition | null, searched: LogPosition | null = null): Progress => ({
    last: position && { position, eventId: 'one' },
    searched: searched && { position: searched, eventId: 'another' },
  });

  it('is as far as its last event, and the beginning is behind all of them', () => {
    const all = [null, ...ascending];
    for (const [index, position] of all.entries()) {
      expect(compareProgress(upTo(position), upTo(position, at(12n)))).toBe(0);
      for (const later of all.slice(index + 1)) {
        expect(compareProgress(upTo(position, at(12n)), upTo(later))).toBeLessThan(0);
        expect(compareProgress(upTo(later), upTo(position))).toBeGreaterThan(0);
      }
    }
  });
});
