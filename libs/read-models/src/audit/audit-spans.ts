import { endOf, type Span, startOf } from '../common/spans.js';
import { readLimit } from '../common/read-limit.js';
import type { ReadView } from '../common/keytrail-model.js';
import { type AuditSpanDocument, auditSpanId } from './audit.projection.js';

interface Positions {
  readonly first: string;
  readonly last: string;
}

/** Spans of one length that begin in `[from, to)`. */
interface Run {
  readonly span: Span;
  readonly from: Date;
  readonly to: Date;
}

const BEGINNING = new Date(0);
/** Behind it, no text for a border of hours would sort as time goes. */
const END = new Date('9999-12-31T23:00:00.000Z');

/**
 * Between which positions all entries of a time window lie, to the second. Clocks may disagree with the
 * log's order, so entries outside the window can lie there as well; none inside it lies elsewhere.
 *
 * @returns `null` when the account has no entry in these seconds
 */
export async function findPositionsBetween(
  view: ReadView,
  accountId: string,
  from: Date = BEGINNING,
  to: Date = END,
): Promise<Positions | null> {
  const runs = runsOf(from, to);
  const found = await Promise.all(runs.map((run) => findPositions(view, accountId, run)));
  const known = found.filter((positions) => positions !== null);
  const [first] = known.map((positions) => positions.first).sort();
  const last = known
    .map((positions) => positions.last)
    .sort()
    .at(-1);
  return first === undefined || last === undefined ? null : { first, last };
}

/** Whole hours, and the seconds on both sides of them. */
export function runsOf(from: Date, to: Date): Run[] {
  const begin = startOf('second', from);
  const end = endOf('second', to < END ? to : END);
  const [hoursBegin, hoursEnd] = [endOf('hour', begin), startOf('hour', end)];
  const runs: Run[] =
    hoursBegin < hoursEnd
      ? [
          { span: 'second', from: begin, to: hoursBegin },
          { span: 'hour', from: hoursBegin, to: hoursEnd },
          { span: 'second', from: hoursEnd, to: end },
        ]
      : [{ span: 'second', from: begin, to: end }];
  return runs.filter((run) => run.from < run.to);
}

async function findPositions(
  view: ReadView,
  accountId: string,
  { span, from, to }: Run,
): Promise<Positions | null> {
  const _id = { $gte: auditSpanId(accountId, from), $lt: auditSpanId(accountId, to) };
  const [found] = await view
    .collection<AuditSpanDocument>('audit', `${span}s`)
    .aggregate<Positions>(
      [
        { $match: { _id } },
        { $group: { _id: null, first: { $min: '$first' }, last: { $max: '$last' } } },
      ],
      readLimit,
    )
    .toArray();
  return found ?? null;
}
