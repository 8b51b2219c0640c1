import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { withDeadline } from '@keytrail/platform';
import { countUnapplied } from '@keytrail/projections';
import type { ReadModels } from '@keytrail/read-models';
import type { FastifyReply } from 'fastify';
import { Gauge } from 'prom-client';
import { Access } from '../../access/permission/access.decorator.js';
import { Metrics } from '../../http/metrics.js';
import { READ_MODELS } from '../../stores/tokens.js';

const DEADLINE_MS = 1_000;

@ApiTags('Operation')
@Controller('metrics')
export class MetricsController {
  private readonly unapplied: Gauge;
  private rendering: Promise<string> | undefined;

  constructor(
    private readonly metrics: Metrics,
    @Inject(READ_MODELS) private readonly models: ReadModels,
  ) {
    this.unapplied = new Gauge({
      name: 'keytrail_unapplied_events',
      help: 'Events missing from a list, as they could not be applied; NaN while nobody can tell.',
      registers: [metrics.registry],
    });
  }

  @Get()
  @Access('public')
  @ApiOperation({ operationId: 'metrics', summary: 'Metrics in the Prometheus text format' })
  @ApiOkResponse({ content: { 'text/plain': {} } })
  async read(@Res() reply: FastifyReply): Promise<void> {
    // Anybody may ask: however many do, one text is made at a time, for all of them.
    this.rendering ??= this.render().finally(() => (this.rendering = undefined));
    const text = await this.rendering;
    await reply.type(this.metrics.registry.contentType).send(text);
  }

  private async render(): Promise<string> {
    const counting = countUnapplied(this.models);
    const count = await withDeadline(
      counting,
      DEADLINE_MS,
      () => new Error('no answer in time'),
    ).catch(() => NaN);
    this.unapplied.set(count);
    return this.metrics.registry.metrics();
  }
}
