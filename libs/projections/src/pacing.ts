import type { EventBatch } from '@keytrail/event-store';

/**
 * How fast the projector goes. The numbers are a bargain between how soon an event is to be seen in the
 * lists and how much of the stores is left for requests; docs/adr/0034 tells what they were weighed by.
 */
export const pacing = {
  /** The most events in one transaction: more cost memory and a long commit, and gain nothing. */
  maxBatchEvents: 2_000,
  /** A batch of fewer events came alone and is written at once. */
  busyFromEvents: 24,
  /** The rest after such a batch: enough that events of one moment come together. */
  quietRestMs: 5,
  /** The rest under load, in times of the last transaction: it leaves two thirds of the store to others. */
  busyRestTimes: 2,
  /** The longest rest: what is acknowledged shall be in the lists within half a second. */
  longestRestMs: 200,
  /** What happened longer ago is caught up with without any rest: readers are waiting for it. */
  behindFromMs: 400,
  /** How often it looks for generations to take over or to drop. */
  lookEveryMs: 500,
  /** The first pause after a failure; it doubles, up to the longest. */
  firstPauseMs: 50,
  longestPauseMs: 1_000,
} as const;

/** How long to rest after a batch that took so long to write. */
export function restAfter({ events }: EventBatch, tookMs: number, nowMs: number): number {
  const last = events.at(-1);
  if (last === undefined || events.length < pacing.busyFromEvents) return pacing.quietRestMs;
  if (nowMs - Date.parse(last.context.occurredAt) > pacing.behindFromMs) return 0;
  return Math.min(pacing.busyRestTimes * tookMs, pacing.longestRestMs);
}
