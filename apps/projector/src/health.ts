import { type EventBatch, isMismatch } from '@keytrail/event-store';
import { type Logger, messageOf } from '@keytrail/platform';
import { isOfDatabase, ReadModelError, type UnappliedEvent } from '@keytrail/projections';

const reportLagEveryMs = 10_000;
const noteworthyLagMs = 1_000;

const faults = {
  eventLog: 'The event log cannot be reached; trying again until it can',
  readModels: 'The read models cannot be reached; trying again until they can',
  mismatch:
    'The event log is not the one that the read models were made from; nothing is written until ' +
    '`npm run rebuild -- all` has made them anew',
} as const;

type Fault = keyof typeof faults;

/** Says what is wrong once, and when it is over; and how far the read models are behind. */
export class Health {
  private readonly failing = new Set<Fault>();
  private reportedLagAt = -Infinity;

  constructor(private readonly logger: Logger) {}

  /** One line per outage, not per attempt. */
  failed(error: unknown): void {
    const reason = messageOf(error);
    if (error instanceof ReadModelError && error.code === 'checkpoint_moved') {
      this.logger.warn({ reason }, 'Nothing written here; going on from the new checkpoint');
      return;
    }
    const fault = faultOf(error);
    if (this.failing.has(fault)) {
      this.logger.debug({ reason }, 'Still the same fault');
      return;
    }
    this.failing.add(fault);
    this.logger.error({ reason }, faults[fault]);
  }

  /** One line per event and read model. */
  unapplied({ _id: id, model, eventId, type, streamName, reason }: UnappliedEvent): void {
    this.logger.error(
      { id, model, eventId, type, streamName, reason },
      'An event could not be applied and was set aside; the list lacks it',
    );
  }

  applied({ events }: EventBatch): void {
    if (this.failing.size > 0) this.logger.info('The read models are written again');
    this.failing.clear();
    const last = events.at(-1);
    if (!last) return;
    const lagMs = Date.now() - Date.parse(last.context.occurredAt);
    this.logger.debug({ events: events.length, lagMs }, 'Batch written');
    if (lagMs < noteworthyLagMs || performance.now() - this.reportedLagAt < reportLagEveryMs)
      return;
    this.reportedLagAt = performance.now();
    this.logger.info({ lagMs }, 'Catching up with the event log');
  }
}

function faultOf(error: unknown): Fault {
  if (isMismatch(error)) return 'mismatch';
  return isOfDatabase(error) ? 'readModels' : 'eventLog';
}
