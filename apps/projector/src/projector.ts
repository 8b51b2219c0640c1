import { type EventLog, subscribeToEvents } from '@keytrail/event-store';
import type { Logger } from '@keytrail/platform';
import { type ReadModels, runProjector, setUpReadModels } from '@keytrail/read-models';
import { setTimeout as pause } from 'node:timers/promises';
import { Health } from './health.js';

/** The most events in one transaction. */
const batchSize = 1_000;
const retrySetUpMs = 500;

export interface Projector {
  /** Resolves once the read models are set up and being written. */
  readonly ready: Promise<void>;
  /** Lets the transaction under way end. */
  stop(): Promise<void>;
}

/** Starts to keep the read models up to date, and goes on whatever happens to the stores. */
export function startProjector(parts: {
  readonly log: EventLog;
  readonly readModels: ReadModels;
  readonly logger: Logger;
}): Projector {
  const stopping = new AbortController();
  const health = new Health(parts.logger);
  const ready = setUp(parts.readModels, health, stopping.signal);
  const done = ready.then(() =>
    runProjector(parts.readModels, {
      signal: stopping.signal,
      subscribe: (from, signal) =>
        subscribeToEvents(parts.log, {
          from,
          batchSize,
          signal,
          onLost: (error) => {
            health.failed('The event log', error);
          },
        }),
      onBatch: (batch) => {
        health.applied(batch);
      },
      onFailure: (error) => {
        health.failed('The read models', error);
      },
    }),
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
      await pause(retrySetUpMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
