import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, Caller } from '../../access/permission/access.decorator.js';
import type { Identity } from '../../access/permission/identity.js';
import { defined } from '../../http/defined.js';
import { KeyList, ListKeysQuery } from './list-keys.dto.js';
import { ListKeys } from './list-keys.handler.js';

@ApiTags('API keys')
@Controller('v1/api-keys')
export class ListKeysController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Access('read')
  @ApiOperation({ operationId: 'listKeys', summary: 'The keys of the account, newest first' })
  @ApiOkResponse({ type: KeyList })
  list(
    @Query() { cursor, ...filters }: ListKeysQuery,
    @Caller() { accountId }: Identity,
  ): Promise<KeyList> {
    return this.queries.execute(new ListKeys(defined({ ...filters, accountId }), cursor));
  }
}
