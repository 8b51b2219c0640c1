import { uniqueId } from '@keytrail/platform';
import { Body, Controller, Param, Patch, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Access, Caller } from '../access/access.decorator.js';
import { actorOf } from '../access/identity.js';
import type { Identity } from '../access/identity.js';
import { ListedMember } from '../accounts/member.dto.js';
import { refusalProblem, refusalProblems } from '../accounts/refusal-problem.js';
import { eventContext } from '../http/request-context.js';
import { Refuses } from '../http/refuses.decorator.js';
import { conflict } from '../http/to-problem.js';
import { ChangeRoleBody } from './change-role.dto.js';
import { ChangeRoleCommand } from './change-role.handler.js';

@ApiTags('Members')
@Controller('v1/members')
export class ChangeRoleController {
  constructor(private readonly commands: CommandBus) {}

  @Patch(':userId')
  @Access('owner')
  @ApiOperation({ operationId: 'changeRole', summary: "Change a member's role" })
  @ApiOkResponse({ type: ListedMember })
  @Refuses(...refusalProblems('member_not_found', 'last_owner'), conflict())
  async change(
    @Param('userId') userId: string,
    @Body() { role }: ChangeRoleBody,
    @Caller() caller: Identity,
    @Req() request: FastifyRequest,
  ): Promise<ListedMember> {
    const commandId = uniqueId();
    const data = { accountId: caller.accountId, userId, role };
    const context = eventContext(request, actorOf(caller), commandId);
    const result = await this.commands.execute(new ChangeRoleCommand(commandId, data, context));
    if (!result.ok) throw refusalProblem(result.code);
    return result.member;
  }
}
