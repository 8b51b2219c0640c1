import { formatPosition } from '@keytrail/event-store';
import type { ModelName, ReadModels, ReadView } from '@keytrail/read-models';
import { timeBudget } from '../http/time-budget.js';
import type { LogHead } from './log-head.js';

/**
 * Reads that hold all that any process acknowledged before they began: each asks the log for its
 * newest event, waits until the projections have passed it, and only then looks.
 */
export class ConsistentReads {
  /** How many setbacks of the models there had been when they were last known to be up to date. */
  private begunAfter: number | undefined;
  private beginning: Promise<void> | undefined;

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
    return this.models.views.waitFor(models, position, { timeoutMs: timeBudget.caughtUpMs });
  }

  /** A view for models that command handlers write themselves, which need no waiting. */
  async now(): Promise<ReadView> {
    await this.begun();
    return this.models.views.current();
  }

  /**
   * Resolves once these models have been as far as the log was when this process began to read them: a
   * document store that was put back from a backup lacks revocations that were acknowledged since.
   *
   * @throws as `caughtUp`
   */
  async begun(): Promise<void> {
    const { setbacks } = this.models.views;
    if (this.begunAfter === setbacks) return;
    this.beginning ??= this.caughtUp('credentials', 'members', 'invitations')
      .then(() => {
        this.begunAfter = setbacks;
      })
      .finally(() => (this.beginning = undefined));
    await this.beginning;
  }
}
