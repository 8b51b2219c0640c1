import { redact } from '@keytrail/platform';
import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { PastedKeys } from '../../access/key-check/pasted-keys.js';
import { Access, Caller } from '../../access/permission/access.decorator.js';
import type { Identity } from '../../access/permission/identity.js';
import { defined } from '../../http/defined.js';
import { KeyList, ListKeysQuery } from './list-keys.dto.js';
import { ListKeys } from './list-keys.handler.js';

@ApiTags('API keys')
@Controller('v1/api-keys')
export class ListKeysController {
  constructor(
    private readonly queries: QueryBus,
    private readonly pasted: PastedKeys,
  ) {}

  @Get()
  @Access('read')
  @ApiOperation({ operationId: 'listKeys', summary: 'The keys of the account, newest first' })
  @ApiOkResponse({ type: KeyList })
  async list(
    @Query() { cursor, q, createdBy, ...filters }: ListKeysQuery,
    @Caller() { accountId }: Identity,
  ): Promise<KeyList> {
    // A whole key must not reach the database, which may log what it is asked.
    const searched = {
      q: q && (await this.pasted.searchedFor(q, accountId)),
      createdBy: createdBy && redact(createdBy),
    };
    const query = defined({ ...filters, ...searched, accountId });
    return this.queries.execute(new ListKeys(query, cursor));
  }
}
