import { Controller, Get } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, Person } from '../../access/permission/access.decorator.js';
import type { SignedInPerson } from '../../access/permission/identity.js';
import { AccountList } from './list-accounts.dto.js';
import { ListAccounts } from './list-accounts.handler.js';

@ApiTags('Identity')
@Controller('v1/accounts')
export class ListAccountsController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Access('person')
  @ApiOperation({ operationId: 'listAccounts', summary: 'The accounts the person is in' })
  @ApiOkResponse({ type: AccountList })
  list(@Person() { userId }: SignedInPerson): Promise<AccountList> {
    return this.queries.execute(new ListAccounts(userId));
  }
}
