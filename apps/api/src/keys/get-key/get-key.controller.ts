import { Controller, Get, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, Caller } from '../../access/permission/access.decorator.js';
import type { Identity } from '../../access/permission/identity.js';
import { keyIdPipe } from '../../http/key-id.js';
import { notFound } from '../../http/problem.js';
import { Refuses } from '../../http/refuses.decorator.js';
import { ListedKey } from '../list-keys/list-keys.dto.js';
import { GetKey } from './get-key.handler.js';

@ApiTags('API keys')
@Controller('v1/api-keys')
export class GetKeyController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':id')
  @Access('read')
  @ApiOperation({ operationId: 'getKey', summary: 'One key of the account' })
  @ApiOkResponse({ type: ListedKey })
  @Refuses(notFound('key'))
  async get(
    @Param('id', keyIdPipe) keyId: string,
    @Caller() { accountId }: Identity,
  ): Promise<ListedKey> {
    const key = await this.queries.execute(new GetKey(accountId, keyId));
    if (key === null) throw notFound('key');
    return key;
  }
}
