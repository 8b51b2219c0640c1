import type { EventBatch } from '@keytrail/event-store';
import { type Applied, applyBatch, RefusedWrite } from './apply-batch.js';
import type { Lane } from './lanes.js';
import type { ReadModels } from './read-models.js';

/**
 * Applies a batch whatever is in it: an event that a lane cannot take is set aside in that lane, and all
 * else is applied. The other lanes take the batch first. The lane that refuses it takes it by halves, until
 * the event that is at fault stands alone. See docs/adr/0042.
 *
 * @throws as `applyBatch`, but for RefusedWrite; a part of the batch may then have been applied
 */
export async function applyAll(
  readModels: ReadModels,
  lanes: readonly Lane[],
  batch: EventBatch,
): Promise<Applied> {
  try {
    return await applyBatch(readModels, lanes, batch);
  } catch (error) {
    if (!(error instanceof RefusedWrite)) throw error;
    const others = lanes.filter((lane) => lane !== error.lane);
    const rest = await applyAll(readModels, others, batch);
    if (rest.switched) return rest;
    const own = await applyByHalves(readModels, batch, error);
    return {
      lanes: lanes.map((lane) => (lane === error.lane ? own : rest).lanes.find(isOf(lane)) ?? lane),
      switched: own.switched,
      unapplied: [...rest.unapplied, ...own.unapplied],
    };
  }
}

const isOf =
  ({ entry }: Lane) =>
  (other: Lane): boolean =>
    entry.collection === other.entry.collection;

async function applyByHalves(
  readModels: ReadModels,
  batch: EventBatch,
  refusal: RefusedWrite,
): Promise<Applied> {
  const { lane } = refusal;
  if (batch.events.length === 1) return applyAlone(readModels, batch, refusal);
  const [first, second] = halvesOf(batch);
  const one = await applyPart(readModels, lane, first);
  const [next] = one.lanes;
  if (one.switched || !next) return one;
  const other = await applyPart(readModels, next, second);
  return { ...other, unapplied: [...one.unapplied, ...other.unapplied] };
}

/** Once more, before the event is set aside: somebody may have written the same document at that moment. */
async function applyAlone(
  readModels: ReadModels,
  batch: EventBatch,
  { lane }: RefusedWrite,
): Promise<Applied> {
  try {
    return await applyBatch(readModels, [lane], batch);
  } catch (error) {
    if (!(error instanceof RefusedWrite)) throw error;
    return applyBatch(readModels, [lane], batch, error);
  }
}

async function applyPart(readModels: ReadModels, lane: Lane, part: EventBatch): Promise<Applied> {
  try {
    return await applyBatch(readModels, [lane], part);
  } catch (error) {
    if (error instanceof RefusedWrite) return applyByHalves(readModels, part, error);
    throw error;
  }
}

function halvesOf({ events, progress }: EventBatch): readonly [EventBatch, EventBatch] {
  const middle = Math.ceil(events.length / 2);
  const first = events.slice(0, middle);
  const last = first.at(-1);
  return [
    {
      events: first,
      progress: {
        last: last ? { position: last.position, eventId: last.id } : null,
        searched: null,
      },
    },
    { events: events.slice(middle), progress },
  ];
}
