import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, Caller } from '../../access/permission/access.decorator.js';
import type { Identity } from '../../access/permission/identity.js';
import { defined } from '../../http/defined.js';
import { limits } from '../../http/limits.js';
import { badInput } from '../../http/problem.js';
import { UsageSeriesAnswer, UsageSeriesQuery } from './usage-series.dto.js';
import { ReadUsageSeries, tooManyPoints } from './usage-series.handler.js';

const DAY_MS = 24 * 60 * 60 * 1_000;
const DEFAULT_SPAN_MS = { hour: 2 * DAY_MS, day: 30 * DAY_MS };
const BUCKET_MS = { hour: DAY_MS / 24, day: DAY_MS };

@ApiTags('Usage')
@Controller('v1/usage/series')
export class UsageSeriesController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Access('read', 'series')
  @ApiOperation({ operationId: 'usageSeries', summary: 'Uses per key and hour or day, for charts' })
  @ApiOkResponse({ type: UsageSeriesAnswer })
  series(
    @Query() { bucket, from, to = new Date(), apiKeyId, top }: UsageSeriesQuery,
    @Caller() { accountId }: Identity,
  ): Promise<UsageSeriesAnswer> {
    const start = from ?? new Date(to.getTime() - DEFAULT_SPAN_MS[bucket]);
    const spanMs = to.getTime() - start.getTime();
    if (spanMs <= 0) throw badInput([{ field: 'from', message: 'must be before to (now)' }]);
    const days = limits.seriesDays[bucket];
    if (spanMs > days * DAY_MS) {
      throw badInput([{ field: 'from', message: `must not be more than ${days} days before to` }]);
    }
    if (top !== undefined && apiKeyId !== undefined) {
      throw badInput([{ field: 'top', message: 'must not be given together with apiKeyId' }]);
    }
    if (((top ?? 0) * spanMs) / BUCKET_MS[bucket] > limits.seriesPoints) throw tooManyPoints('top');
    const query = defined({ accountId, bucket, from: start, to, apiKeyId });
    return this.queries.execute(new ReadUsageSeries(query, top));
  }
}
