import { formatPosition } from '@keytrail/event-store';
import type { EventLog } from '@keytrail/event-store';
import { Gatherer } from '@keytrail/platform';
import type { ModelName, ReadModels, ReadView } from '@keytrail/read-models';

const WAIT_MS = 5_000;
const MAX_WAITING = 4_000;

/**
 * Reads that hold all that any process acknowledged before they began: each asks the log for its
 * newest event, waits until the projections have passed it, and only then looks.
 */
export class ConsistentReads {
  private readonly heads: Gatherer<null, string>;

  constructor(
    log: EventLog,
    private readonly models: ReadModels,
  ) {
    this.heads = new Gatherer(
      async (waiting) => {
        const head = await log.readHead(null);
        const position = head === null ? '' : formatPosition(head);
        return waiting.map(() => position);
      },
      { maxBatch: MAX_WAITING, maxWaiting: MAX_WAITING },
    );
  }

  /** A view that has caught up with the log as of this call. @throws ReadModelError `read_model_behind` */
  async caughtUp(...models: ModelName[]): Promise<ReadView> {
    const head = await this.heads.add(null);
    return this.models.views.waitFor(models, head, { timeoutMs: WAIT_MS });
  }

  /** A view for models that command handlers write themselves, which need no waiting. */
  now(): Promise<ReadView> {
    return this.models.views.current();
  }
}
