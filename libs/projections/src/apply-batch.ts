import { type EventBatch, formatPosition, type RecordedEvent } from '@keytrail/event-store';
import { type ClientSession, type TransactionOptions, WriteConcern } from 'mongodb';
import { ReadModelError } from './errors.js';
import type { Lane } from './lanes.js';
import { switchToBuilt } from './generations.js';
import type { Operation } from './operation.js';
import type { ReadModels } from './read-models.js';
import { type Registry, type RegistryEntry, storePlace } from './registry.js';
import { write } from './write.js';

/** Reads of one moment, and a commit that is on the disks of a majority. */
export const transactionOptions: TransactionOptions = {
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
  batch: EventBatch,
): Promise<Applied> {
  const events = batch.events.map((event) => ({ event, position: formatPosition(event.position) }));
  const moves = lanes.map((lane) => ({ lane, next: nextEntry(lane.entry, batch) }));
  const moved = moves.filter(({ lane, next }) => next !== lane.entry);
  const work = moved.map(({ lane }) => ({ lane, operations: operationsOf(lane, events) }));
  const mayEnd = lanes.some(({ entry }) => entry.built);
  const switched = await client.withSession((session) =>
    session.withTransaction(async () => {
      // The checkpoints first: two projectors meet here, before either has done any work.
      await moveCheckpoints(registry, moved, session);
      for (const { lane, operations } of work) {
        if (operations.length > 0) await write(registry, lane.entry, operations, session);
      }
      return mayEnd && (await switchToBuilt(registry, session));
    }, transactionOptions),
  );
  return { lanes: moves.map(({ lane, next }) => ({ model: lane.model, entry: next })), switched };
}

/** Where a batch leaves a generation: the entry itself when it is there already or further on. */
function nextEntry(entry: RegistryEntry, { progress }: EventBatch): RegistryEntry {
  const last = progress.last && storePlace(progress.last);
  const searched = progress.searched && storePlace(progress.searched);
  const [before, after] = [entry.position, last?.position ?? ''];
  const isSearchedFurther = (searched?.position ?? '') > (entry.searched?.position ?? '');
  if (before > after || (before === after && !isSearchedFurther)) return entry;
  return { ...entry, ...last, searched, updatedAt: new Date() };
}

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
  moved: readonly { readonly lane: Lane; readonly next: RegistryEntry }[],
  session: ClientSession,
): Promise<void> {
  if (moved.length === 0) return;
  const { matchedCount } = await registry.entries.bulkWrite(
    moved.map(({ lane: { entry }, next: { position, eventId, searched, updatedAt } }) => ({
      updateOne: {
        filter: { _id: entry._id, generation: entry.generation, position: entry.position },
        update: { $set: { position, eventId, searched, updatedAt } },
      },
    })),
    { session },
  );
  if (matchedCount !== moved.length) {
    throw new ReadModelError('checkpoint_moved', 'Another projector is writing the read models');
  }
}
