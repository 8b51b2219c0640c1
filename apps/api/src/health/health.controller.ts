import { Controller, Get, Inject, Res } from '@nestjs/common';
import {
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import { EventLog } from '@keytrail/event-store';
import { withDeadline } from '@keytrail/platform';
import type { ReadModels } from '@keytrail/read-models';
import type { FastifyReply } from 'fastify';
import { Access } from '../access/access.decorator.js';
import { READ_MODELS } from '../stores/read-models.token.js';
import { ConsistentReads } from '../stores/consistent-reads.js';
import { LiveAnswer, ReadyAnswer } from './health.dto.js';
import type { Check } from './health.dto.js';
import { Metrics } from './metrics.js';

const DEADLINE_MS = 1_000;

@ApiTags('Operation')
@Controller()
export class HealthController {
  constructor(
    private readonly log: EventLog,
    @Inject(READ_MODELS) private readonly models: ReadModels,
    private readonly reads: ConsistentReads,
    private readonly metrics: Metrics,
  ) {}

  @Get('healthz/live')
  @Access('public')
  @ApiOperation({ operationId: 'live', summary: 'Whether the process is up; asks no store' })
  @ApiOkResponse({ type: LiveAnswer })
  live(): LiveAnswer {
    return { status: 'live' };
  }

  @Get('healthz/ready')
  @Access('public')
  @ApiOperation({
    operationId: 'ready',
    summary: 'Whether the log and the read models answer, and whether the lists have caught up',
  })
  @ApiOkResponse({ type: ReadyAnswer })
  @ApiServiceUnavailableResponse({ type: ReadyAnswer })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadyAnswer> {
    const [eventLog, readModels, projector] = await Promise.all([
      check(this.log.ping()),
      check(this.models.db.command({ ping: 1 })),
      check(this.reads.caughtUp('keys', 'audit')),
    ]);
    const ready = eventLog === 'up' && readModels === 'up';
    void reply.status(ready ? 200 : 503);
    return { status: ready ? 'ready' : 'unavailable', eventLog, readModels, projector };
  }

  @Get('metrics')
  @Access('public')
  @ApiOperation({ operationId: 'metrics', summary: 'Metrics in the Prometheus text format' })
  @ApiOkResponse({ content: { 'text/plain': {} } })
  async read(@Res() reply: FastifyReply): Promise<void> {
    const { registry } = this.metrics;
    await reply.type(registry.contentType).send(await registry.metrics());
  }
}

async function check(work: Promise<unknown>): Promise<Check> {
  try {
    await withDeadline(work, DEADLINE_MS, () => new Error('No answer in time'));
    return 'up';
  } catch {
    return 'down';
  }
}
