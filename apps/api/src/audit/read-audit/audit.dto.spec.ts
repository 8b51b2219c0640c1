import type { AuditEntry } from '@keytrail/read-models';
import { formatPosition } from '@keytrail/event-store';
import { parseFrom } from '../../events/feed-position.js';
import { toEntry } from './audit.dto.js';

const entryAt = (commit: bigint, prepare = commit) =>
  toEntry({
    _id: formatPosition({ commit, prepare }),
    at: new Date('2026-03-01T10:15:00.000Z'),
  } as AuditEntry);

describe('the position of an audit entry', () => {
  it('is a decimal number', () => {
    expect(entryAt(184_467n).position).toBe('184467');
  });

  it('G7: is its own also where the log gives one commit several events', () => {
    const entries = [entryAt(9n, 7n), entryAt(9n, 8n)];
    expect(entries.map(({ position }) => position)).toEqual(['9-7', '9-8']);
  });

  it('is where the feed goes on after the entry', () => {
    const at = { commit: 9n, prepare: 8n };
    expect(parseFrom(entryAt(at.commit, at.prepare).position, 'from')).toBe(formatPosition(at));
  });
});
