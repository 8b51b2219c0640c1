import type { EventBatch } from '@keytrail/event-store';
import { type Logger, messageOf } from '@keytrail/platform';
import { ReadModelError } from '@keytrail/read-models';

const reportLagEveryMs = 10_000;
const noteworthyLagMs = 1_000;

type Store = 'The event log' | 'The read models';

/** Says what is wrong once, and when it is over; and how far the read models are behind. */
export class Health {
  private readonly failing = new Set<Store>();
  private reportedLagAt = -Infinity;

  constructor(private readonly logger: Logger) {}

  /** One line per outage, not per attempt. */
  failed(store: Store, error: unknown): void {
    const reason = messageOf(error);
    if (error instanceof ReadModelError && error.code === 'checkpoint_moved') {
      this.logger.warn({ reason }, 'Nothing written here; going on from the new checkpoint');
      return;
    }
    if (this.failing.has(store)) {
      this.logger.debug({ reason }, `${store} still cannot be reached`);
      return;
    }
    this.failing.add(store);
    this.logger.error({ reason }, `${store} cannot be reached; trying again until it can`);
  }

  applied({ events }: EventBatch): void {
    for (const store of this.failing) this.logger.info(`${store} can be reached again`);
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
