import { BEGINNING, type EventBatch } from '@keytrail/event-store';
import { setTimeout as pause } from 'node:timers/promises';
import { applyAll } from './apply-all.js';
import { type Applied, applyBatch } from './apply-batch.js';
import { orTicks } from './batches.js';
import type { EventSource } from './event-source.js';
import { dropRetired } from './generations.js';
import { areSameLanes, earliestProgress, type Lane, loadLanes } from './lanes.js';
import type { ReadModels } from './read-models.js';
import { pacing, restAfter } from './pacing.js';
import { progressOf, type UnappliedEvent } from './registry.js';

export interface ProjectorOptions {
  readonly source: EventSource;
  readonly signal: AbortSignal;
  /** Told of each batch that is durably in the read models. */
  readonly onBatch?: (batch: EventBatch) => void;
  /** Told of each event that a read model cannot take and that was set aside. */
  readonly onUnapplied?: (event: UnappliedEvent) => void;
  /** Told of each failure, before the next attempt. */
  readonly onFailure?: (error: unknown) => void;
  /** The longest pause after a failure. */
  readonly longestPauseMs?: number;
}

/**
 * Keeps all read models up to date until the signal is aborted. Any failure leads back to the
 * checkpoints as they are in the database, and to a new subscription from there: whatever became of
 * the last transaction, no event is lost and none counted twice.
 */
export async function runProjector(
  readModels: ReadModels,
  {
    source,
    signal,
    onBatch,
    onUnapplied,
    onFailure,
    longestPauseMs = pacing.longestPauseMs,
  }: ProjectorOptions,
): Promise<void> {
  let pauseMs: number = pacing.firstPauseMs;
  while (!signal.aborted) {
    try {
      await follow(readModels, { source, signal }, (batch, { unapplied }) => {
        pauseMs = pacing.firstPauseMs;
        for (const event of unapplied) onUnapplied?.(event);
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
  onBatch: (batch: EventBatch, applied: Applied) => void,
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
    for await (const batch of orTicks(batches, pacing.lookEveryMs)) {
      if (batch) {
        const begunAt = performance.now();
        const applied = await applyAll(readModels, lanes, batch);
        lanes = applied.lanes;
        onBatch(batch, applied);
        if (applied.switched) return;
        await pause(restAfter(batch, performance.now() - begunAt, Date.now()));
      }
      if (performance.now() - lookedAt < pacing.lookEveryMs) continue;
      lookedAt = performance.now();
      await dropRetired(readModels);
      if (!areSameLanes(lanes, await loadLanes(readModels))) return;
    }
  } finally {
    closing.abort();
  }
}
