import { Controller, Get } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, Caller } from '../../access/permission/access.decorator.js';
import type { Identity } from '../../access/permission/identity.js';
import { WhoAmIAnswer } from './who-am-i.dto.js';
import { WhoAmI } from './who-am-i.handler.js';

@ApiTags('Identity')
@Controller('v1/me')
export class WhoAmIController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Access('read', 'guarded')
  @ApiOperation({ operationId: 'whoAmI', summary: 'Who the credentials belong to' })
  @ApiOkResponse({ type: WhoAmIAnswer })
  whoAmI(@Caller() caller: Identity): Promise<WhoAmIAnswer> {
    return this.queries.execute(new WhoAmI(caller));
  }
}
