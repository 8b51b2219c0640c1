import { startOfHour } from '../common/hours.js';
import type { ReadView } from '../common/keytrail-model.js';
import { type AuditHourDocument, auditHourId } from './audit.projection.js';

/**
 * Between which positions all entries of a time window lie. Clocks may disagree with the log's order,
 * so entries outside the window can lie there as well; none inside it lies elsewhere.
 *
 * @returns `null` when the account has no entry in these hours
 */
export async function findPositionsBetween(
  view: ReadView,
  accountId: string,
  from: Date = new Date(0),
  to: Date = new Date('9999-12-31T23:00:00Z'),
): Promise<{ readonly first: string; readonly last: string } | null> {
  const hours = view.collection<AuditHourDocument>('audit', 'hours');
  const [found] = await hours
    .aggregate<{ first: string; last: string }>([
      {
        $match: {
          _id: {
            $gte: auditHourId(accountId, startOfHour(from)),
            $lte: auditHourId(accountId, startOfHour(to)),
          },
        },
      },
      { $group: { _id: null, first: { $min: '$first' }, last: { $max: '$last' } } },
    ])
    .toArray();
  return found ?? null;
}
