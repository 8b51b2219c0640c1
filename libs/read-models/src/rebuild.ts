import { type EventBatch, formatPosition, parsePosition } from '@keytrail/event-store';
import { setTimeout as pause } from 'node:timers/promises';
import { applyBatch, type Lane } from './apply-batch.js';
import { orTicks } from './batches.js';
import { dropRetired, openNext, type ReadHead, switchTo } from './generations.js';
import { allModels } from './models.js';
import { earliestPosition, runProjector, type Subscribe } from './projector.js';
import type { ModelName } from './read-model.js';
import type { ReadModels } from './read-models.js';
import { entryId, entryOf } from './registry.js';

export interface RebuildOptions {
  readonly subscribe: Subscribe;
  readonly readHead: ReadHead;
  readonly signal: AbortSignal;
  /** Told after each batch. */
  readonly onProgress?: (progress: RebuildProgress) => void;
}

export interface RebuildProgress {
  /** Events handled by this call so far. */
  readonly events: number;
  /** How far it is in the log, of 1; an estimate, as the log may grow. */
  readonly fraction: number;
}

const tickMs = 500;

/**
 * Builds the models anew from the log beside those being read, and switches over once the new
 * generations hold all that the old ones do. Runs beside a live projector and any number of readers.
 * An attempt that was cut off is taken up where it ended.
 *
 * @throws ReadModelError `checkpoint_moved` when another rebuild of a model is under way; errors of
 *   the driver
 */
export async function rebuildModels(
  readModels: ReadModels,
  names: readonly ModelName[],
  { subscribe, readHead, signal, onProgress }: RebuildOptions,
): Promise<void> {
  const lanes: Lane[] = [];
  for (const model of allModels.filter(({ name }) => names.includes(name))) {
    lanes.push(await openNext(readModels, model));
  }
  const closing = new AbortController();
  const batches = subscribe(earliestPosition(lanes), AbortSignal.any([signal, closing.signal]));
  const building = new Building(readModels, lanes, readHead);
  let events = 0;
  try {
    for await (const batch of orTicks(batches, tickMs)) {
      const switched = await building.add(batch);
      events += batch?.events.length ?? 0;
      onProgress?.({ events, fraction: switched ? 1 : building.fraction });
      if (switched) return;
    }
  } finally {
    closing.abort();
  }
}

/** The new generations, and how far they are from the newest event. */
class Building {
  private headPosition: string | undefined;
  private lookedAt = -Infinity;

  constructor(
    private readonly readModels: ReadModels,
    private lanes: readonly Lane[],
    private readonly readHead: ReadHead,
  ) {}

  /** Positions are places in a file or plain numbers; either way they grow with the log. */
  get fraction(): number {
    const passed = Number(parsePosition(this.position || '0').commit);
    const whole = Number(parsePosition(this.headPosition ?? '0').commit);
    return whole === 0 ? 1 : Math.min(passed / whole, 1);
  }

  /** Adds a batch, or nothing; @returns whether these generations are now the active ones. */
  async add(batch: EventBatch | null): Promise<boolean> {
    const events = batch?.events ?? [];
    const position = batch ? formatPosition(batch.position) : this.position;
    const head = await this.head();
    const outcome = { switched: false };
    this.lanes = await applyBatch(
      this.readModels,
      this.lanes,
      { events, position },
      async (session, moved) => {
        outcome.switched =
          position >= head && (await switchTo(this.readModels, moved, this.readHead, session));
      },
    );
    if (position >= head && !outcome.switched) await dropRetired(this.readModels);
    return outcome.switched;
  }

  private get position(): string {
    return this.lanes.map(({ entry }) => entry.position).sort()[0] ?? '';
  }

  private async head(): Promise<string> {
    if (this.headPosition === undefined || performance.now() - this.lookedAt > tickMs) {
      const head = await this.readHead();
      this.headPosition = head === null ? '' : formatPosition(head);
      this.lookedAt = performance.now();
    }
    return this.headPosition;
  }
}

const levelEveryMs = 100;
const leaveToProjectorMs = 3_000;

/**
 * Waits until replaced generations are as far as those that replaced them, so that they can be
 * compared. Normally the live projector sees to it; when there is none, this does.
 */
export async function levelGenerations(
  readModels: ReadModels,
  names: readonly ModelName[],
  { subscribe, signal }: Pick<RebuildOptions, 'subscribe' | 'signal'>,
): Promise<void> {
  const closing = new AbortController();
  const both = AbortSignal.any([signal, closing.signal]);
  const startedAt = performance.now();
  let projecting: Promise<void> | undefined;
  while (!signal.aborted && !(await areLevel(readModels, names))) {
    if (performance.now() - startedAt > leaveToProjectorMs) {
      projecting ??= runProjector(readModels, { subscribe, signal: both });
    }
    await pause(levelEveryMs, undefined, { signal }).catch(() => undefined);
  }
  closing.abort();
  await projecting;
}

async function areLevel({ registry }: ReadModels, names: readonly ModelName[]): Promise<boolean> {
  const entries = await registry.load();
  return names.every((name) => {
    const previous = entries.get(entryId(name, 'previous'));
    return !previous || previous.position === entryOf(entries, name).position;
  });
}
