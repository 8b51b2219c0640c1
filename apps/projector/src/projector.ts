import { type EventLog, EventLogError } from '@keytrail/event-store';
import type { Logger } from '@keytrail/platform';
import {
  findOutdatedModels,
  type ReadModels,
  rebuildModels,
  runProjector,
  setUpReadModels,
  type Subscribe,
} from '@keytrail/read-models';
import { setTimeout as pause } from 'node:timers/promises';
import { subscribeWith } from './event-source.js';
import { Health } from './health.js';

const retryMs = 500;

export interface Projector {
  /** Resolves once the read models are set up and being written. */
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
  const stopping = new AbortController();
  const health = new Health(parts.logger);
  const ready = setUp(parts.readModels, health, stopping.signal);
  const { signal } = stopping;
  const subscribe = subscribeWith(parts.log, (error) => {
    health.failed('The event log', error);
  });
  const done = ready.then(() =>
    Promise.all([
      runProjector(parts.readModels, {
        signal,
        subscribe,
        onBatch: (batch) => {
          health.applied(batch);
        },
        onFailure: (error) => {
          health.failed('The read models', error);
        },
      }),
      upgrade(parts, subscribe, health, signal),
    ]),
  );
  return {
    ready,
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

async function setUp(readModels: ReadModels, health: Health, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await setUpReadModels(readModels);
      return;
    } catch (error) {
      health.failed('The read models', error);
      await pause(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Builds anew, beside the live models, those whose projection is of another version now. */
async function upgrade(
  { log, readModels, logger }: Parts,
  subscribe: Subscribe,
  health: Health,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const models = await findOutdatedModels(readModels);
      if (models.length === 0) return;
      logger.info({ models }, 'Building new versions of read models beside the old');
      await rebuildModels(readModels, models, {
        subscribe,
        signal,
        readHead: () => log.readHead(null),
        // The projector of this process does the switch.
        patienceMs: Infinity,
      });
    } catch (error) {
      health.failed(isOfEventLog(error) ? 'The event log' : 'The read models', error);
      await pause(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

const isOfEventLog = (error: unknown): boolean =>
  error instanceof EventLogError && error.code === 'event_log_unavailable';
