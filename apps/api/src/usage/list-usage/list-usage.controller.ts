import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Access, Caller } from '../../access/permission/access.decorator.js';
import type { Identity } from '../../access/permission/identity.js';
import { defined } from '../../http/defined.js';
import { ListUses } from './list-uses.handler.js';
import { Use, UsesQuery } from './use.dto.js';

class UsageList {
  @ApiProperty({ type: [Use] })
  events!: Use[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}

@ApiTags('Usage')
@Controller('v1/usage')
export class ListUsageController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Access('read')
  @ApiOperation({ operationId: 'listUsage', summary: 'Uses of keys, newest first' })
  @ApiOkResponse({ type: UsageList })
  async list(
    @Query() { cursor, ...filters }: UsesQuery,
    @Caller() { accountId }: Identity,
  ): Promise<UsageList> {
    const query = defined({ ...filters, accountId });
    const asked = new ListUses('usage', query, cursor);
    const { uses, nextCursor } = await this.queries.execute(asked);
    return { events: uses, nextCursor };
  }
}
