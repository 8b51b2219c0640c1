import { countedTime, readTopUsageSeries, readUsageSeries } from '@keytrail/read-models';
import type { UsageSeriesQuery } from '@keytrail/read-models';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { limits } from '../../http/limits.js';
import { badInput } from '../../http/problem.js';
import type { Problem } from '../../http/problem.js';
import { ConsistentReads } from '../../stores/consistent-reads.js';
import type { UsageSeriesAnswer } from './usage-series.dto.js';

export class ReadUsageSeries extends Query<UsageSeriesAnswer> {
  constructor(
    readonly query: UsageSeriesQuery,
    /** How many of the most used keys to tell apart; all of them when absent. */
    readonly top: number | undefined,
  ) {
    super();
  }
}

@QueryHandler(ReadUsageSeries)
export class UsageSeriesHandler implements IQueryHandler<ReadUsageSeries> {
  constructor(private readonly reads: ConsistentReads) {}

  async execute({ query, top }: ReadUsageSeries): Promise<UsageSeriesAnswer> {
    const view = await this.reads.caughtUp('usage');
    const counted = countedTime(query);
    const time = { from: counted.from.toISOString(), to: counted.to.toISOString() };
    if (top === undefined) {
      const buckets = await readUsageSeries(view, { ...query, limit: limits.seriesPoints + 1 });
      if (buckets.length > limits.seriesPoints) throw tooManyPoints('from');
      return { ...time, buckets: buckets.map(toJson) };
    }
    const { buckets, others } = await readTopUsageSeries(view, query, top);
    return { ...time, buckets: buckets.map(toJson), others: others.map(toJson) };
  }
}

/** @param field by which the series can be made smaller */
export const tooManyPoints = (field: 'from' | 'top'): Problem =>
  badInput([
    {
      field,
      message: `asks for more than ${limits.seriesPoints} counts; take a shorter time, larger buckets, one key or a smaller top`,
    },
  ]);

const toJson = <Counted extends { readonly start: Date }>(counted: Counted) => ({
  ...counted,
  start: counted.start.toISOString(),
});
