import {
  type EventBatch,
  formatPosition,
  type LogPosition,
  parsePosition,
} from '@keytrail/event-store';
import { setTimeout as pause } from 'node:timers/promises';
import { applyBatch, type Lane } from './apply-batch.js';
import { withoutRush } from './batches.js';
import { dropRetired } from './generations.js';
import { allModels } from './models.js';
import type { ReadModels } from './read-models.js';
import { entryId } from './registry.js';

/** A catch-up subscription after a position; ends when the signal is aborted. */
export type Subscribe = (
  from: LogPosition | 'start',
  signal: AbortSignal,
) => AsyncIterable<EventBatch>;

export interface ProjectorOptions {
  readonly subscribe: Subscribe;
  readonly signal: AbortSignal;
  /** Told of each batch that is durably in the read models. */
  readonly onBatch?: (batch: EventBatch) => void;
  /** Told of each failure, before the next attempt. */
  readonly onFailure?: (error: unknown) => void;
  /** The longest pause after a failure. */
  readonly longestPauseMs?: number;
}

const firstPauseMs = 50;
/** A position without events is written down no more often than this. */
const idleMoveMs = 50;
const cleanEveryMs = 10_000;

/**
 * Keeps all read models up to date until the signal is aborted. Any failure leads back to the
 * checkpoints as they are in the database, and to a new subscription from there: whatever became of
 * the last transaction, no event is lost and none counted twice.
 */
export async function runProjector(
  readModels: ReadModels,
  { subscribe, signal, onBatch, onFailure, longestPauseMs = 1_000 }: ProjectorOptions,
): Promise<void> {
  let pauseMs = firstPauseMs;
  while (!signal.aborted) {
    try {
      await follow(readModels, await loadLanes(readModels), subscribe, signal, (batch) => {
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

/** The generations that readers use: each model's active one, and the one before it for a while. */
async function loadLanes({ registry }: ReadModels): Promise<Lane[]> {
  const entries = await registry.load();
  return allModels.flatMap((model) =>
    (['active', 'previous'] as const)
      .flatMap((slot) => entries.get(entryId(model.name, slot)) ?? [])
      .filter(({ version }) => version === model.version)
      .map((entry) => ({ model, entry })),
  );
}

/** Applies batches as they come until the subscription ends; throws when one could not be applied. */
export async function follow(
  readModels: ReadModels,
  lanes: readonly Lane[],
  subscribe: Subscribe,
  signal: AbortSignal,
  onBatch: (batch: EventBatch) => void,
): Promise<void> {
  const closing = new AbortController();
  const batches = subscribe(earliestPosition(lanes), AbortSignal.any([signal, closing.signal]));
  let current = lanes;
  let cleanedAt = performance.now();
  try {
    for await (const batch of withoutRush(batches, idleMoveMs)) {
      const position = formatPosition(batch.position);
      current = await applyBatch(readModels, current, { events: batch.events, position });
      onBatch(batch);
      if (performance.now() - cleanedAt < cleanEveryMs) continue;
      cleanedAt = performance.now();
      const dropped = await dropRetired(readModels);
      current = current.filter(({ entry }) => !dropped.has(entry.collection));
    }
  } finally {
    closing.abort();
  }
}

/** From where a subscription must begin so that no lane misses an event. */
export function earliestPosition(lanes: readonly Lane[]): LogPosition | 'start' {
  const earliest = lanes.map(({ entry }) => entry.position).sort()[0];
  return earliest === undefined || earliest === '' ? 'start' : parsePosition(earliest);
}
