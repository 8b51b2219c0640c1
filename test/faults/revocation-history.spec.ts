import { findStaleUses } from './revocation-history.js';
import type { Operation } from './revocation-history.js';

const use = (keyId: string, startedAt: number, accepted: boolean): Operation => ({
  kind: 'use',
  keyId,
  startedAt,
  accepted,
});
const revoked = (keyId: string, acknowledgedAt: number): Operation => ({
  kind: 'revocation',
  keyId,
  acknowledgedAt,
});

describe('the checker of revocation histories', () => {
  it('lets uses pass that began before the acknowledgement', () => {
    expect(findStaleUses([use('a', 1, true), revoked('a', 2), use('a', 2, true)])).toEqual([]);
  });

  it('lets refused uses pass', () => {
    expect(findStaleUses([revoked('a', 2), use('a', 3, false)])).toEqual([]);
  });

  it('finds an accepted use that began later, wherever it stands in the history', () => {
    expect(findStaleUses([use('a', 3, true), revoked('a', 2)])).toEqual([use('a', 3, true)]);
  });

  it('goes by the first acknowledgement of a key', () => {
    const history = [revoked('a', 9), revoked('a', 2), use('a', 5, true)];
    expect(findStaleUses(history)).toEqual([use('a', 5, true)]);
  });

  it('keeps keys apart', () => {
    expect(findStaleUses([revoked('a', 2), use('b', 5, true)])).toEqual([]);
  });

  it('catches a planted cache of positive answers', () => {
    const cacheMs = 5;
    const history: Operation[] = [revoked('a', 10)];
    for (let time = 0; time < 30; time += 1) history.push(use('a', time, time < 10 + cacheMs));
    expect(findStaleUses(history)).toHaveLength(4);
  });
});
