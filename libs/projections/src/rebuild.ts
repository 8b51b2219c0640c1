import { BEGINNING, type EventBatch, isMismatch, type Progress } from '@keytrail/event-store';
import { setTimeout as pause } from 'node:timers/promises';
import { applyAll } from './apply-all.js';
import { findEarliestSwitch, handOver, openNext } from './generations.js';
import { earliestProgress, type Lane } from './lanes.js';
import { runProjector } from './projector.js';
import type { EventSource } from './event-source.js';
import type { ReadModels } from './read-models.js';
import { entryId, entryOf, type RegistryEntry, type UnappliedEvent } from './registry.js';

export interface BuildOptions {
  readonly source: EventSource;
  /** The newest of Keytrail's events in the log; nothing up to the hint is searched. */
  readonly head: (hint: Progress) => Promise<Progress>;
  readonly signal: AbortSignal;
  /** Told of each event that a model cannot take and that was set aside. */
  readonly onUnapplied?: (event: UnappliedEvent) => void;
  /** Told of each failure, before the next attempt. */
  readonly onFailure?: (error: unknown) => void;
  /** Told after each batch. */
  readonly onProgress?: (progress: RebuildProgress) => void;
}

export interface RebuildOptions extends BuildOptions {
  /** How long to wait for a live projector, once nothing holds it up, before standing in for it. */
  readonly patienceMs?: number;
  /** Told when all is built and only the switch is left, which an earlier one may hold up till then. */
  readonly onBuilt?: (earliestSwitch: Date | null) => void;
}

export interface RebuildProgress {
  /** Events handled by this call so far. */
  readonly events: number;
  /** How far it is in the log, of 1; an estimate, as the log may grow. */
  readonly fraction: number;
}

type ProjectingOptions = Pick<
  RebuildOptions,
  'source' | 'signal' | 'patienceMs' | 'onFailure' | 'onUnapplied'
>;

/** A head reached so soon after it was read is as good as the newest. */
const smallGapMs = 1_000;

/**
 * Builds the models anew from the log beside those being read, and hands them to the live projector,
 * which switches to them once they hold all that the old ones do. Where no projector is running, it
 * stands in for it. Runs beside any number of readers; one that was cut off is taken up where it
 * ended.
 *
 * @returns whether they were switched to; `false` after an abort
 * @throws ReadModelError `checkpoint_moved` when another rebuild of a model is under way; errors of
 *   the driver
 */
export async function rebuildModels(
  readModels: ReadModels,
  names: readonly string[],
  options: RebuildOptions,
): Promise<boolean> {
  const lanes: Lane[] = [];
  for (const model of readModels.models.filter(({ name }) => names.includes(name))) {
    lanes.push(await openNext(readModels, model, options.source));
  }
  const unbuilt = lanes.filter(({ entry }) => entry.built !== true);
  if (unbuilt.length > 0 && !(await buildToHead(readModels, unbuilt, options))) return false;
  await handOver(readModels, lanes);
  const earliestSwitch = await findEarliestSwitch(readModels, lanes);
  options.onBuilt?.(earliestSwitch);
  const isSwitched: IsDone = (entries) =>
    lanes.every(({ entry }) => entryOf(entries, entry.model).generation === entry.generation);
  return projectUntil(readModels, options, isSwitched, earliestSwitch);
}

/**
 * Brings new generations to where the newest event was a moment ago; the live projector does the
 * rest. @returns the generations as they are then; `null` after an abort
 */
export async function buildToHead(
  readModels: ReadModels,
  unbuilt: readonly Lane[],
  { source, head: readHead, signal, onProgress, onUnapplied, onFailure }: BuildOptions,
): Promise<readonly Lane[] | null> {
  let lanes = unbuilt;
  let events = 0;
  let head = await readHead(BEGINNING);
  let headReadAt = performance.now();
  if (isReached(head, earliestProgress(lanes))) return lanes;
  const closing = new AbortController();
  const both = AbortSignal.any([signal, closing.signal]);
  try {
    for await (const batch of withoutEnd(source, earliestProgress(lanes), both, onFailure)) {
      const applied = await applyAll(readModels, lanes, batch);
      lanes = applied.lanes;
      for (const event of applied.unapplied) onUnapplied?.(event);
      events += batch.events.length;
      const passed = earliestProgress(lanes);
      onProgress?.({ events, fraction: fractionOf(passed, head) });
      if (!isReached(head, passed)) continue;
      if (performance.now() - headReadAt < smallGapMs) return lanes;
      head = await readHead(passed);
      headReadAt = performance.now();
      if (isReached(head, passed)) return lanes;
    }
    return null;
  } finally {
    closing.abort();
  }
}

const resubscribeAfterMs = 500;

/** Subscribes again from the last batch handed on whenever the connection is lost. */
async function* withoutEnd(
  source: EventSource,
  from: Progress,
  signal: AbortSignal,
  onFailure: BuildOptions['onFailure'],
): AsyncGenerator<EventBatch, void, undefined> {
  let progress = from;
  while (!signal.aborted) {
    try {
      for await (const batch of source.subscribe(progress, signal)) {
        yield batch;
        progress = batch.progress;
      }
    } catch (error) {
      if (isMismatch(error)) throw error;
      onFailure?.(error);
      await pause(resubscribeAfterMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

const isReached = ({ last: head }: Progress, { last }: Progress): boolean =>
  head === null || (last !== null && last.position.commit >= head.position.commit);

/** Positions are places in a file or plain numbers; either way they grow with the log. */
const fractionOf = ({ last: passed }: Progress, { last: head }: Progress): number =>
  !head || head.position.commit === 0n || !passed
    ? Number(!head)
    : Math.min(Number(passed.position.commit) / Number(head.position.commit), 1);

const lookEveryMs = 50;

/**
 * Waits until replaced generations are as far as those that replaced them, so that they can be
 * compared.
 */
export const levelGenerations = (
  readModels: ReadModels,
  names: readonly string[],
  options: ProjectingOptions,
): Promise<boolean> =>
  projectUntil(readModels, options, (entries) =>
    names.every((name) => {
      const previous = entries.get(entryId(name, 'previous'));
      return !previous || previous.position === entryOf(entries, name).position;
    }),
  );

type IsDone = (entries: ReadonlyMap<string, RegistryEntry>) => boolean;

/**
 * Waits for the live projector to bring something about, and stands in for it when it does not.
 *
 * @param possibleFrom before that it cannot, live or not
 */
async function projectUntil(
  readModels: ReadModels,
  { source, signal, patienceMs = 5_000, onFailure, onUnapplied }: ProjectingOptions,
  isDone: IsDone,
  possibleFrom: Date | null = null,
): Promise<boolean> {
  const closing = new AbortController();
  const heldUpMs = Math.max((possibleFrom?.getTime() ?? 0) - Date.now(), 0);
  const standInAt = performance.now() + heldUpMs + patienceMs;
  let projecting: Promise<void> | undefined;
  try {
    while (!signal.aborted) {
      if (isDone(await readModels.registry.load())) return true;
      if (performance.now() > standInAt) {
        const both = AbortSignal.any([signal, closing.signal]);
        projecting ??= runProjector(readModels, {
          ...{ source, signal: both },
          ...(onFailure && { onFailure }),
          ...(onUnapplied && { onUnapplied }),
        });
      }
      await pause(lookEveryMs, undefined, { signal }).catch(() => undefined);
    }
    return false;
  } finally {
    closing.abort();
    await projecting;
  }
}
