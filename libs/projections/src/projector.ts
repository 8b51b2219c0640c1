import { BEGINNING, type EventBatch } from '@keytrail/event-store';
import { setTimeout as pause } from 'node:timers/promises';
import { applyBatch } from './apply-batch.js';
import { orTicks } from './batches.js';
import type { EventSource } from './event-source.js';
import { dropRetired } from './generations.js';
import { areSameLanes, earliestProgress, type Lane, loadLanes } from './lanes.js';
import type { ReadModels } from './read-models.js';
import { progressOf } from './registry.js';

export interface ProjectorOptions {
  readonly source: EventSource;
  readonly signal: AbortSignal;
  /** Told of each batch that is durably in the read models. */
  readonly onBatch?: (batch: EventBatch) => void;
  /** Told of each failure, before the next attempt. */
  readonly onFailure?: (error: unknown) => void;
  /** The longest pause after a failure. */
  readonly longestPauseMs?: number;
}

const firstPauseMs = 50;
/** The rest after a small batch: what comes alone is written at once. */
const quietRestMs = 5;
/**
 * Under load it rests for some times as long as the last transaction took, so that more events share
 * the next one, which costs little more for many than for few, and the stores have time for others.
 */
const busyRest = { times: 2, longestMs: 200 };
/** What happened longer ago is caught up with without any rest. */
const longAgoMs = 400;
const busyFromEvents = 24;
/** How often it looks for generations to take over or to drop. */
const lookEveryMs = 500;

/**
 * Keeps all read models up to date until the signal is aborted. Any failure leads back to the
 * checkpoints as they are in the database, and to a new subscription from there: whatever became of
 * the last transaction, no event is lost and none counted twice.
 */
export async function runProjector(
  readModels: ReadModels,
  { source, signal, onBatch, onFailure, longestPauseMs = 1_000 }: ProjectorOptions,
): Promise<void> {
  let pauseMs = firstPauseMs;
  while (!signal.aborted) {
    try {
      await follow(readModels, { source, signal }, (batch) => {
        pauseMs = firstPauseMs;
        onBatch?.(batch);
      });
    } catch (error) {
      onFailure?.(error);
      // Two projectors side by side must not go on failing in step with each other.
      await pause(pauseMs * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  }
}

/**
 * Applies batches as they come. Returns when there are other generations to write than before, or
 * when the subscription ends; throws when a batch could not be applied.
 */
async function follow(
  readModels: ReadModels,
  { source, signal }: Pick<ProjectorOptions, 'source' | 'signal'>,
  onBatch: (batch: EventBatch) => void,
): Promise<void> {
  let lanes: readonly Lane[] = await loadLanes(readModels);
  // A lane that is ahead of the others would take what it skips for what it has.
  for (const { entry } of lanes) await source.verify(progressOf(entry));
  // What has been handed over may have nothing to wait for.
  if ((await applyBatch(readModels, lanes, { events: [], progress: BEGINNING })).switched) return;
  const closing = new AbortController();
  const batches = source.subscribe(
    earliestProgress(lanes),
    AbortSignal.any([signal, closing.signal]),
  );
  let lookedAt = performance.now();
  try {
    for await (const batch of orTicks(batches, lookEveryMs)) {
      if (batch) {
        const begunAt = performance.now();
        const applied = await applyBatch(readModels, lanes, batch);
        lanes = applied.lanes;
        onBatch(batch);
        if (applied.switched) return;
        await pause(restAfter(batch, performance.now() - begunAt));
      }
      if (performance.now() - lookedAt < lookEveryMs) continue;
      lookedAt = performance.now();
      await dropRetired(readModels);
      if (!areSameLanes(lanes, await loadLanes(readModels))) return;
    }
  } finally {
    closing.abort();
  }
}

function restAfter({ events }: EventBatch, tookMs: number): number {
  const last = events.at(-1);
  if (last === undefined || events.length < busyFromEvents) return quietRestMs;
  if (Date.now() - Date.parse(last.context.occurredAt) > longAgoMs) return 0;
  return Math.min(busyRest.times * tookMs, busyRest.longestMs);
}
