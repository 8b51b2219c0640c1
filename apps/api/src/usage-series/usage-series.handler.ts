import { readUsageSeries } from '@keytrail/read-models';
import type { UsageSeriesQuery } from '@keytrail/read-models';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { ConsistentReads } from '../stores/consistent-reads.js';
import type { UsageSeriesAnswer } from './usage-series.dto.js';

export class ReadUsageSeries extends Query<UsageSeriesAnswer> {
  constructor(readonly query: UsageSeriesQuery) {
    super();
  }
}

@QueryHandler(ReadUsageSeries)
export class UsageSeriesHandler implements IQueryHandler<ReadUsageSeries> {
  constructor(private readonly reads: ConsistentReads) {}

  async execute({ query }: ReadUsageSeries): Promise<UsageSeriesAnswer> {
    const found = await readUsageSeries(await this.reads.caughtUp('usage'), query);
    return { buckets: found.map((bucket) => ({ ...bucket, start: bucket.start.toISOString() })) };
  }
}
