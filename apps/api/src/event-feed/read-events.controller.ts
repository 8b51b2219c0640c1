import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, Caller } from '../access/permission/access.decorator.js';
import type { Identity } from '../access/permission/identity.js';
import { FeedService } from './feed.service.js';
import { EventsPage, EventsQuery } from './read-events.dto.js';

@ApiTags('Event feed')
@ApiExtraModels(EventsPage)
@Controller('v1/events')
export class ReadEventsController {
  constructor(private readonly feed: FeedService) {}

  @Get()
  @Access('read', 'feeds')
  @ApiOperation({
    operationId: 'readEvents',
    summary: "The account's events, in the order of the log, live and resumable",
    description:
      'Server-sent events for `Accept: text/event-stream`, otherwise a page. See docs/event-feed.md.',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Goes before `from`.' })
  @ApiOkResponse({
    content: {
      'application/json': { schema: { $ref: getSchemaPath(EventsPage) } },
      'text/event-stream': { schema: { type: 'string' } },
    },
  })
  async read(
    @Query() query: EventsQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Caller() caller: Identity,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const resumed = lastEventId === undefined || lastEventId === '' ? undefined : lastEventId;
    const open = {
      caller,
      types: query.types,
      from: resumed ?? query.from ?? 'now',
      fromField: resumed === undefined ? 'from' : 'Last-Event-ID',
    };
    void reply.headers({ 'cache-control': 'no-store', vary: 'Accept' });
    if (request.headers.accept?.includes('text/event-stream')) {
      if (request.method === 'HEAD') return void reply.type('text/event-stream').send();
      await this.feed.stream(open, request, reply);
      return;
    }
    const page = await this.feed.page(open, request, reply, {
      limit: query.limit,
      waitMs: query.wait * 1_000,
    });
    await reply.type('application/json; charset=utf-8').send(page);
  }
}
