import { formatPosition } from '@keytrail/event-store';
import type { ModelName, ReadModels, ReadView } from '@keytrail/read-models';
import { Inject, Injectable } from '@nestjs/common';
import { timeBudget } from '../http/time-budget.js';
import { codeOf } from '../http/to-problem.js';
import { LogHead } from './log-head.js';
import { READ_MODELS } from './tokens.js';

/** What is read without waiting for the log, since command handlers write it themselves. */
const writtenAtOnce: readonly ModelName[] = ['credentials', 'members', 'invitations'];

/**
 * Reads that hold all that any process acknowledged before they began: each asks the log for its
 * newest event, waits until the projections have passed it, and only then looks.
 */
@Injectable()
export class ConsistentReads {
  /** The counters of the views when the models were last known to be up to date. */
  private begunAfter: { readonly doubts: number; readonly setbacks: number } | undefined;
  private beginning: Promise<void> | undefined;

  constructor(
    private readonly head: LogHead,
    @Inject(READ_MODELS) private readonly models: ReadModels,
  ) {}

  /**
   * A view that has caught up with the log as of this call.
   *
   * @throws ReadModelError `read_model_behind`, `read_model_missing`; EventLogError
   *   `event_log_unavailable`, `event_log_mismatch`
   */
  caughtUp(...models: ModelName[]): Promise<ReadView> {
    return this.within(timeBudget.caughtUpMs, models);
  }

  /** A view for models that command handlers write themselves, which need no waiting. */
  async now(): Promise<ReadView> {
    await this.begun();
    return this.models.views.current();
  }

  /**
   * Resolves once these models have been as far as the log was when this process began to read them, or
   * lost them from sight: a document store that was put back from a backup lacks revocations that were
   * acknowledged since.
   *
   * @throws as `caughtUp`
   */
  async begun(): Promise<void> {
    if (this.begunAfter?.doubts === this.models.views.doubts) return;
    this.beginning ??= this.begin().finally(() => (this.beginning = undefined));
    await this.beginning;
  }

  private async begin(): Promise<void> {
    const { doubts, setbacks } = this.models.views;
    try {
      await this.within(timeBudget.silentMs, writtenAtOnce);
    } catch (error) {
      // The models have lost nothing since; that the log is another one is no fault of theirs.
      const isAsBefore = this.begunAfter?.setbacks === this.models.views.setbacks;
      if (codeOf(error) !== 'event_log_mismatch' || !isAsBefore) throw error;
    }
    this.begunAfter = { doubts, setbacks };
  }

  private async within(timeoutMs: number, models: readonly ModelName[]): Promise<ReadView> {
    const { views } = this.models;
    const view = await views.current();
    for (const model of models) view.position(model);
    const { last } = await this.head.read();
    const position = last ? formatPosition(last.position) : '';
    return views.waitFor(models, position, { timeoutMs });
  }
}
