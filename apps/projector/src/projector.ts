import type { EventLog } from '@keytrail/event-store';
import type { Logger } from '@keytrail/platform';
import {
  adoptPlaces,
  findOutdatedModels,
  type EventSource,
  rebuildModels,
  runProjector,
  setUpReadModels,
} from '@keytrail/projections';
import type { ReadModels } from '@keytrail/read-models';
import { setTimeout as pause } from 'node:timers/promises';
import { sourceOf } from './event-source.js';
import { Health } from './health.js';
import { FAULTY_SERVER, isFaulty } from './server-version.js';

const retryMs = 500;

export interface Projector {
  /** Resolves once the read models are set up; they are written as soon as the log answers. */
  readonly ready: Promise<void>;
  /** Lets the transaction under way end. */
  stop(): Promise<void>;
}

interface Parts {
  readonly log: EventLog;
  readonly readModels: ReadModels;
  readonly logger: Logger;
}

/** Starts to keep the read models up to date, and goes on whatever happens to the stores. */
export function startProjector(parts: Parts): Projector {
  const { readModels, log, logger } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
  const health = new Health(logger);
  const source = sourceOf(log);
  const untilDone = (work: () => Promise<void>) => retried(work, health, signal);
  const ready = untilDone(() => setUpReadModels(readModels));
  const done = ready.then(async () => {
    await untilDone(() => openLog(parts));
    await Promise.all([
      runProjector(readModels, {
        signal,
        source,
        onBatch: (batch) => {
          health.applied(batch);
        },
        onUnapplied: (event) => {
          health.unapplied(event);
        },
        onFailure: (error) => {
          health.failed(error);
        },
      }),
      upgrade(parts, source, health, signal),
    ]);
  });
  return {
    ready,
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

async function openLog({ readModels, log, logger }: Parts): Promise<void> {
  const [{ logId }, version] = await Promise.all([log.open(), log.serverVersion()]);
  await adoptPlaces(readModels, (position) => log.lastUpTo(position));
  logger.info({ logId, version }, 'The event log is open');
  if (isFaulty(version)) logger.warn({ version }, FAULTY_SERVER);
}

async function retried(
  work: () => Promise<void>,
  health: Health,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await work();
      return;
    } catch (error) {
      health.failed(error);
      await pause(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Builds anew, beside the live models, those whose projection is of another version now. */
async function upgrade(
  { log, readModels, logger }: Parts,
  source: EventSource,
  health: Health,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const models = await findOutdatedModels(readModels);
      if (models.length === 0) return;
      logger.info({ models }, 'Building new versions of read models beside the old');
      await rebuildModels(readModels, models, {
        source,
        signal,
        head: (hint) => log.head(hint),
        onUnapplied: (event) => {
          health.unapplied(event);
        },
        // The projector of this process does the switch.
        patienceMs: Infinity,
      });
    } catch (error) {
      health.failed(error);
      await pause(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
