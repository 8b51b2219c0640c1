import { formatPosition, type RecordedEvent } from '@keytrail/event-store';
import { type ClientSession, type TransactionOptions, WriteConcern } from 'mongodb';
import { ReadModelError } from './errors.js';
import type { Lane } from './lanes.js';
import { switchToBuilt } from './generations.js';
import type { Operation } from './operation.js';
import type { ReadModels } from './read-models.js';
import type { Registry } from './registry.js';
import { write } from './write.js';

export interface Batch {
  readonly events: readonly RecordedEvent[];
  /** Formatted; every event up to here is in this batch or an earlier one. */
  readonly position: string;
}

const transactionOptions: TransactionOptions = {
  readConcern: { level: 'snapshot' },
  writeConcern: new WriteConcern('majority', undefined, true),
};

export interface Applied {
  /** The lanes with their new checkpoints. */
  readonly lanes: readonly Lane[];
  /** Whether a generation among them has become the active one, and the lanes must be loaded again. */
  readonly switched: boolean;
}

/**
 * Carries out a batch in one transaction: the documents of all lanes, and each lane's checkpoint by
 * compare-and-set. Lanes that are already further on take only what is new to them. A next
 * generation that is built and has everything is switched to in the same transaction.
 *
 * @throws ReadModelError `checkpoint_moved` when somebody else has written to a lane; errors of the
 *   driver, after which the outcome is unknown and the lanes must be loaded again
 */
export async function applyBatch(
  { client, registry }: ReadModels,
  lanes: readonly Lane[],
  batch: Batch,
): Promise<Applied> {
  const updatedAt = new Date();
  const events = batch.events.map((event) => ({ event, position: formatPosition(event.position) }));
  const behind = lanes.filter(({ entry }) => entry.position < batch.position);
  const work = behind.map((lane) => ({ lane, operations: operationsOf(lane, events) }));
  const mayEnd = lanes.some(({ entry }) => entry.built);
  const switched = await client.withSession((session) =>
    session.withTransaction(async () => {
      // The checkpoints first: two projectors meet here, before either has done any work.
      await moveCheckpoints(registry, behind, batch.position, updatedAt, session);
      for (const { lane, operations } of work) {
        if (operations.length > 0) await write(registry, lane.entry, operations, session);
      }
      return mayEnd && (await switchToBuilt(registry, session));
    }, transactionOptions),
  );
  return { lanes: lanes.map((lane) => advance(lane, batch.position, updatedAt)), switched };
}

const advance = ({ model, entry }: Lane, position: string, updatedAt: Date): Lane =>
  entry.position < position
    ? { model, entry: { ...entry, position, updatedAt } }
    : { model, entry };

interface Positioned {
  readonly event: RecordedEvent;
  readonly position: string;
}

function operationsOf({ model, entry }: Lane, events: readonly Positioned[]): Operation[] {
  const operations: Operation[] = [];
  for (const { event, position } of events) {
    if (position > entry.position) operations.push(...model.project(event, position));
  }
  return operations;
}

async function moveCheckpoints(
  registry: Registry,
  lanes: readonly Lane[],
  position: string,
  updatedAt: Date,
  session: ClientSession,
): Promise<void> {
  if (lanes.length === 0) return;
  const { matchedCount } = await registry.entries.bulkWrite(
    lanes.map(({ entry: { _id, generation, position: expected } }) => ({
      updateOne: {
        filter: { _id, generation, position: expected },
        update: { $set: { position, updatedAt } },
      },
    })),
    { session },
  );
  if (matchedCount !== lanes.length) {
    throw new ReadModelError('checkpoint_moved', 'Another projector is writing the read models');
  }
}
