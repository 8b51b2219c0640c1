import { compareProgress, EventLog, EventLogError } from '@keytrail/event-store';
import type { Progress } from '@keytrail/event-store';
import { Gatherer } from '@keytrail/platform';
import type { ReadModels } from '@keytrail/read-models';
import { Inject, Injectable } from '@nestjs/common';
import { limits } from '../http/limits.js';
import { READ_MODELS } from './tokens.js';

/** How long a verified log is trusted: to exchange one takes it away for longer. */
const VERIFIED_FOR_MS = 1_000;

/**
 * The head of the log, for all who ask at the same time together, and whether the log is the one that
 * the read models were made from: one that was exchanged, or put back from an older backup, is refused
 * rather than answered from.
 */
@Injectable()
export class LogHead {
  private readonly heads: Gatherer<null, Progress>;
  private verifiedAt = -Infinity;

  constructor(
    private readonly log: EventLog,
    @Inject(READ_MODELS) private readonly models: ReadModels,
  ) {
    this.heads = new Gatherer(async (waiting) => {
      const head = await this.look();
      return waiting.map(() => head);
    }, limits.logHeads);
  }

  /**
   * The newest of Keytrail's events that any process may have had acknowledged before this call.
   *
   * @throws EventLogError `event_log_unavailable`, `event_log_mismatch`
   */
  read(): Promise<Progress> {
    return this.heads.add(null);
  }

  private async look(): Promise<Progress> {
    // The read models are read first, so that the log, asked later, holds all that they hold.
    const { progress } = await this.models.views.current();
    const [head] = await Promise.all([this.log.head(progress), this.verify(progress)]);
    if (lacksLastOf(head, progress)) throw mismatch();
    return head;
  }

  /** Asks for the last known event, once a second at most: another log may have grown beyond its position. */
  private async verify(progress: Progress): Promise<void> {
    if (performance.now() - this.verifiedAt < VERIFIED_FOR_MS) return;
    const startedAt = performance.now();
    await this.log.verify(progress);
    this.verifiedAt = startedAt;
  }
}

/** Whether a head lacks the last event that is known. */
function lacksLastOf(head: Progress, known: Progress): boolean {
  const order = compareProgress(head, known);
  return order < 0 || (order === 0 && head.last?.eventId !== known.last?.eventId);
}

const mismatch = (): EventLogError =>
  new EventLogError(
    'event_log_mismatch',
    'The event log lacks events that are in the read models: it is another log, or an older copy of it',
  );
