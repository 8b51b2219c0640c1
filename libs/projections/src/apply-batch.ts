import { type EventBatch, formatPosition } from '@keytrail/event-store';
import { type ClientSession, type TransactionOptions, WriteConcern } from 'mongodb';
import { isRefusal, ReadModelError } from './errors.js';
import { switchToBuilt } from './generations.js';
import { type LaneWork, planWork } from './lane-work.js';
import type { Lane } from './lanes.js';
import type { ReadModels } from './read-models.js';
import { type Registry, type RegistryEntry, storePlace, type UnappliedEvent } from './registry.js';
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
  /** What was set aside. */
  readonly unapplied: readonly UnappliedEvent[];
}

/** A lane cannot be written, because of an event in the batch. Nothing was written. */
export class RefusedWrite extends Error {
  constructor(
    readonly lane: Lane,
    cause: unknown,
  ) {
    super(`An event cannot be written to ${lane.entry.collection}`, { cause });
    this.name = 'RefusedWrite';
  }
}

interface Move extends LaneWork {
  readonly lane: Lane;
  readonly next: RegistryEntry;
}

/**
 * Carries out a batch in one transaction: the documents of all lanes, and each lane's checkpoint by
 * compare-and-set. Lanes that are already further on take only what is new to them. An event that a
 * projection throws at is set aside. A next generation that is built and has everything is switched to in
 * the same transaction.
 *
 * @param refusal why none of the batch's events can be written to any of the lanes; they are set aside
 * @throws RefusedWrite when an event makes a write impossible; ReadModelError `checkpoint_moved` when
 *   somebody else has written to a lane; errors of the driver, after which the outcome is unknown and
 *   the lanes must be loaded again
 */
export async function applyBatch(
  { client, registry }: ReadModels,
  lanes: readonly Lane[],
  batch: EventBatch,
  refusal?: RefusedWrite,
): Promise<Applied> {
  const positioned = batch.events.map((event) => ({
    event,
    position: formatPosition(event.position),
  }));
  const moves = lanes.map((lane): Move => {
    const work = planWork(lane, positioned, refusal?.cause);
    return { ...work, lane, next: nextEntry(lane.entry, batch, work.unapplied.length) };
  });
  const moved = moves.filter(({ lane, next }) => next !== lane.entry);
  const unapplied = moved.flatMap((move) => move.unapplied);
  const mayEnd = lanes.some(({ entry }) => entry.built);
  let refused: RefusedWrite | undefined;
  const transaction = async (session: ClientSession): Promise<boolean> => {
    refused = undefined;
    // The checkpoints first: two projectors meet here, before either has done any work.
    await moveCheckpoints(registry, moved, session);
    await setAside(registry, unapplied, session);
    for (const { lane, operations } of moved) {
      if (operations.length === 0) continue;
      try {
        await write(registry, lane.entry, operations, session);
      } catch (error) {
        refused = new RefusedWrite(lane, error);
        throw error;
      }
    }
    return mayEnd && (await switchToBuilt(registry, session));
  };
  try {
    const switched = await client.withSession((session) =>
      session.withTransaction(() => transaction(session), transactionOptions),
    );
    const after = moves.map(({ lane: { model }, next }) => ({ model, entry: next }));
    return { lanes: after, switched, unapplied };
  } catch (error) {
    throw refused?.cause === error && isRefusal(error) ? refused : error;
  }
}

/** Where a batch leaves a generation: the entry itself when it is there already or further on. */
function nextEntry(
  entry: RegistryEntry,
  { progress }: EventBatch,
  newlyUnapplied: number,
): RegistryEntry {
  const last = progress.last && storePlace(progress.last);
  const searched = progress.searched && storePlace(progress.searched);
  const [before, after] = [entry.position, last?.position ?? ''];
  const isSearchedFurther = (searched?.position ?? '') > (entry.searched?.position ?? '');
  if (before > after || (before === after && !isSearchedFurther)) return entry;
  const unapplied = (entry.unapplied ?? 0) + newlyUnapplied || undefined;
  return { ...entry, ...last, searched, unapplied, updatedAt: new Date() };
}

async function moveCheckpoints(
  registry: Registry,
  moved: readonly Move[],
  session: ClientSession,
): Promise<void> {
  if (moved.length === 0) return;
  const { matchedCount } = await registry.entries.bulkWrite(
    moved.map(
      ({ lane: { entry }, next: { position, eventId, searched, unapplied, updatedAt } }) => ({
        updateOne: {
          filter: { _id: entry._id, generation: entry.generation, position: entry.position },
          update: { $set: { position, eventId, searched, unapplied, updatedAt } },
        },
      }),
    ),
    { session },
  );
  if (matchedCount !== moved.length) {
    throw new ReadModelError('checkpoint_moved', 'Another projector is writing the read models');
  }
}

/** A checkpoint that an operator has put back passes the same event again. */
async function setAside(
  registry: Registry,
  events: readonly UnappliedEvent[],
  session: ClientSession,
): Promise<void> {
  if (events.length === 0) return;
  await registry.unapplied.bulkWrite(
    events.map(({ _id, ...fields }) => ({
      updateOne: { filter: { _id }, update: { $set: fields }, upsert: true },
    })),
    { session },
  );
}
