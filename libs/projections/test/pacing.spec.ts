import type { EventBatch } from '@keytrail/event-store';
import { progressAt, recorded } from '@keytrail/testing';
import { pacing, restAfter } from '../src/pacing.js';
import { used } from './items.js';

const now = Date.parse('2026-03-01T12:00:00.000Z');

/** A batch whose events happened so long ago. */
function batchOf(count: number, agoMs = 10): EventBatch {
  const at = new Date(now - agoMs).toISOString();
  const events = Array.from({ length: count }, () => recorded(used('thing_1'), { at }));
  return { events, progress: progressAt(events.at(-1)) };
}

describe('the rest of the projector', () => {
  it('is short after what came alone, however long it took to write', () => {
    for (const count of [0, 1, pacing.busyFromEvents - 1]) {
      expect(restAfter(batchOf(count), 100, now)).toBe(pacing.quietRestMs);
    }
  });

  it('is longer than the transaction under load, and bounded', () => {
    const busy = batchOf(pacing.busyFromEvents);
    expect(restAfter(busy, 30, now)).toBe(60);
    expect(restAfter(busy, 5_000, now)).toBe(pacing.longestRestMs);
  });

  it('is none while it catches up', () => {
    const old = batchOf(pacing.busyFromEvents, pacing.behindFromMs + 1);
    expect(restAfter(old, 30, now)).toBe(0);
  });
});
