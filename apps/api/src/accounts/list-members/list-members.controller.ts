import { Controller, Get } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, Caller } from '../../access/permission/access.decorator.js';
import type { Identity } from '../../access/permission/identity.js';
import { MemberList } from './list-members.dto.js';
import { ListMembers } from './list-members.handler.js';

@ApiTags('Members')
@Controller('v1/members')
export class ListMembersController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Access('read')
  @ApiOperation({ operationId: 'listMembers', summary: 'The people of the account' })
  @ApiOkResponse({ type: MemberList })
  list(@Caller() { accountId }: Identity): Promise<MemberList> {
    return this.queries.execute(new ListMembers(accountId, new Date()));
  }
}
