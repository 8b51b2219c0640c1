import { keyStream } from '@keytrail/domain';
import { type Progress, subscribeToEvents } from '@keytrail/event-store';
import {
  compareGenerations,
  type EventSource,
  levelGenerations,
  rebuildModels,
  runProjector,
} from '@keytrail/projections';
import { modelNames, openReadModels } from '@keytrail/read-models';
import type { ReadModels } from '@keytrail/read-models';
import { keyCreated, recorded } from '@keytrail/testing';
import { randomUUID } from 'node:crypto';
import type { SignedUp, TestApp } from '../../apps/api/test/harness/app.js';
import type { CommandRecorder } from './recorder.js';
import { callWith } from './use-keys.js';

const PATIENCE_MS = 30_000;

interface Projecting {
  readonly signal: AbortSignal;
  readonly source: EventSource;
  /** One more projector beside those that are running. */
  another(): void;
  stop(): Promise<void>;
}

export function startProjecting({ log, models, stores }: TestApp): Projecting {
  const stopping = new AbortController();
  const { signal } = stopping;
  const source: EventSource = {
    subscribe: (from, until) => subscribeToEvents(log, { from, batchSize: 500, signal: until }),
    verify: (progress) => log.verify(progress),
  };
  const opened: ReadModels[] = [];
  const running = [runProjector(models, { source, signal })];
  return {
    signal,
    source,
    another: () => {
      const other = openReadModels(stores.mongoUrl);
      opened.push(other);
      running.push(runProjector(other, { source, signal }));
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
      await Promise.all(opened.map((other) => other.close()));
    },
  };
}

interface Rebuilding {
  /** The same database, for what is no part of the product. */
  readonly operator: ReadModels;
  readonly projecting: Projecting;
  readonly recorder: CommandRecorder;
  readonly ada: SignedUp;
}

/** What `npm run rebuild -- all` does, until what it has replaced is gone; and two projectors at a time. */
export async function rebuildEverything(
  app: TestApp,
  { operator, projecting, recorder, ada }: Rebuilding,
): Promise<void> {
  const { signal, source } = projecting;
  await setOneAside(app);
  const head = (hint: Progress) => app.log.head(hint);
  await rebuildModels(app.models, modelNames, { source, signal, head });
  await levelGenerations(app.models, modelNames, { source, signal });
  for (const name of modelNames) await compareGenerations(app.models, name);
  const past = { $set: { retireAt: new Date(0) } };
  await operator.registry.entries.updateMany({ retireAt: { $exists: true } }, past);
  projecting.another();
  const key = await app.createKey(ada.cookie, 'Used while two projectors meet');
  await until(async () => {
    await callWith(app, key);
    return recorder.has('drop') && recorder.has('abortTransaction');
  });
}

/** The list of keys cannot take the same key from two streams. */
async function setOneAside({ log, models }: TestApp): Promise<void> {
  const event = keyCreated({ keyId: `key_${randomUUID()}`, secretHash: randomUUID() });
  for (const stream of [randomUUID(), randomUUID()]) {
    const { context } = recorded(event);
    await log.append(keyStream(stream), [{ id: randomUUID(), event, context }], 'no_stream', {
      giveUpAfterMs: PATIENCE_MS,
    });
  }
  await until(async () => (await models.registry.load()).get('keys')?.unapplied === 1);
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (!(await isDone())) {
    if (performance.now() > giveUpAt) throw new Error('It did not come so far in time');
  }
}
