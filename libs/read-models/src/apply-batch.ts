import { formatPosition, type RecordedEvent } from '@keytrail/event-store';
import { type ClientSession, type TransactionOptions, WriteConcern } from 'mongodb';
import { ReadModelError } from './errors.js';
import type { ReadModel } from './read-model.js';
import type { ReadModels } from './read-models.js';
import type { Registry, RegistryEntry } from './registry.js';
import { write } from './write.js';

/** One generation of one model, as a projector writes it. */
export interface Lane {
  readonly model: ReadModel;
  readonly entry: RegistryEntry;
}

export interface Batch {
  readonly events: readonly RecordedEvent[];
  /** Formatted; every event up to here is in this batch or an earlier one. */
  readonly position: string;
}

const transactionOptions: TransactionOptions = {
  readConcern: { level: 'snapshot' },
  writeConcern: new WriteConcern('majority', undefined, true),
};

/**
 * Carries out a batch in one transaction: the documents of all lanes, and each lane's checkpoint by
 * compare-and-set. Lanes that are already further on take only what is new to them.
 *
 * @param also runs inside the transaction, after the writes
 * @returns the lanes as they are now
 * @throws ReadModelError `checkpoint_moved` when somebody else has written to a lane; errors of the
 *   driver, after which the outcome is unknown and the lanes must be loaded again
 */
export async function applyBatch(
  { client, registry }: ReadModels,
  lanes: readonly Lane[],
  batch: Batch,
  also?: (session: ClientSession, lanes: readonly Lane[]) => Promise<void>,
): Promise<Lane[]> {
  const updatedAt = new Date();
  const moved = lanes.map((lane) => advance(lane, batch.position, updatedAt));
  const behind = lanes.filter(({ entry }) => entry.position < batch.position);
  const work = behind.map((lane) => ({ lane, operations: operationsOf(lane, batch.events) }));
  await client.withSession((session) =>
    session.withTransaction(async () => {
      // The checkpoints first: two projectors meet here, before either has done any work.
      await moveCheckpoints(registry, behind, batch.position, updatedAt, session);
      for (const { lane, operations } of work) {
        if (operations.length > 0) await write(registry, lane.entry, operations, session);
      }
      await also?.(session, moved);
    }, transactionOptions),
  );
  return moved;
}

const advance = ({ model, entry }: Lane, position: string, updatedAt: Date): Lane =>
  entry.position < position
    ? { model, entry: { ...entry, position, updatedAt } }
    : { model, entry };

function operationsOf({ model, entry }: Lane, events: readonly RecordedEvent[]) {
  return events.flatMap((event) =>
    formatPosition(event.position) > entry.position ? model.project(event) : [],
  );
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
