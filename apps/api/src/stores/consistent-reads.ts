import { formatPosition } from '@keytrail/event-store';
import type { ModelName, ReadModels, ReadView } from '@keytrail/read-models';
import type { LogHead } from './log-head.js';

const WAIT_MS = 5_000;

/**
 * Reads that hold all that any process acknowledged before they began: each asks the log for its
 * newest event, waits until the projections have passed it, and only then looks.
 */
export class ConsistentReads {
  constructor(
    private readonly head: LogHead,
    private readonly models: ReadModels,
  ) {}

  /**
   * A view that has caught up with the log as of this call.
   *
   * @throws ReadModelError `read_model_behind`; EventLogError `event_log_unavailable`,
   *   `event_log_mismatch`
   */
  async caughtUp(...models: ModelName[]): Promise<ReadView> {
    const { last } = await this.head.read();
    const position = last ? formatPosition(last.position) : '';
    return this.models.views.waitFor(models, position, { timeoutMs: WAIT_MS });
  }

  /** A view for models that command handlers write themselves, which need no waiting. */
  now(): Promise<ReadView> {
    return this.models.views.current();
  }
}
