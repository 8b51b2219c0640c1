import { listAuditEntries } from '@keytrail/read-models';
import type { ReadModels } from '@keytrail/read-models';
import { Inject, Injectable } from '@nestjs/common';
import { timeBudget } from '../http/time-budget.js';
import { Capacity } from '../http/capacity.js';
import { READ_MODELS } from '../stores/tokens.js';
import type { Taken } from './channel.js';
import { BEFORE_ALL } from '../events/feed-position.js';
import { fromAudit } from './envelope.js';

export interface PastQuery {
  readonly accountId: string;
  readonly after: string;
  readonly until: string;
  readonly logTypes: ReadonlySet<string> | undefined;
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** Events that are no longer, or were never, in memory: from the audit read model, in the log's order. */
@Injectable()
export class History {
  constructor(
    @Inject(READ_MODELS) private readonly models: ReadModels,
    private readonly capacity: Capacity,
  ) {}

  /**
   * @throws ReadModelError `read_model_behind` when the projections have not got to `until` in time;
   *   QueueFullError when too many others read
   */
  read(query: PastQuery): Promise<Taken> {
    return this.capacity.take('reads', query.accountId, () => this.look(query));
  }

  private async look({
    accountId,
    after,
    until,
    logTypes,
    limit,
    signal,
  }: PastQuery): Promise<Taken> {
    const { views } = this.models;
    const view = await views.waitFor(['audit', 'keys'], until, {
      timeoutMs: timeBudget.caughtUpMs,
      signal,
    });
    const { items, next } = await listAuditEntries(view, {
      accountId,
      order: 'asc',
      limit,
      until,
      ...(after !== BEFORE_ALL && { after }),
      ...(logTypes && { types: [...logTypes] }),
    });
    return { items: items.map(fromAudit), position: next ?? until };
  }
}
