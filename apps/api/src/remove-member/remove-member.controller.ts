import { uniqueId } from '@keytrail/platform';
import { Controller, Delete, Param, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Access, Caller } from '../access/access.decorator.js';
import { actorOf } from '../access/identity.js';
import type { Identity } from '../access/identity.js';
import { refusalProblem, refusalProblems } from '../accounts/refusal-problem.js';
import { eventContext } from '../http/request-context.js';
import { Refuses } from '../http/refuses.decorator.js';
import { conflict } from '../http/to-problem.js';
import { RemovedMember } from './remove-member.dto.js';
import { RemoveMemberCommand } from './remove-member.handler.js';

@ApiTags('Members')
@Controller('v1/members')
export class RemoveMemberController {
  constructor(private readonly commands: CommandBus) {}

  @Delete(':userId')
  @Access('owner')
  @ApiOperation({ operationId: 'removeMember', summary: 'Remove a person from the account' })
  @ApiOkResponse({ type: RemovedMember })
  @Refuses(...refusalProblems('member_not_found', 'last_owner'), conflict())
  async remove(
    @Param('userId') userId: string,
    @Caller() caller: Identity,
    @Req() request: FastifyRequest,
  ): Promise<RemovedMember> {
    const commandId = uniqueId();
    const data = { accountId: caller.accountId, userId };
    const context = eventContext(request, actorOf(caller), commandId);
    const result = await this.commands.execute(new RemoveMemberCommand(commandId, data, context));
    if (!result.ok) throw refusalProblem(result.code);
    return { success: true, userId };
  }
}
