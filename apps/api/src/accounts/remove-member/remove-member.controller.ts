import { Controller, Delete, Param, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Access, Owner } from '../../access/permission/access.decorator.js';
import { personActor } from '../../access/permission/identity.js';
import type { PersonIdentity } from '../../access/permission/identity.js';
import { refusalProblem, refusalProblems } from '../common/refusal-problem.js';
import { ChangeAccount } from '../../commands/change-account.js';
import { commandContext } from '../../http/request-context.js';
import { Refuses } from '../../http/refuses.decorator.js';
import { conflict } from '../../http/to-problem.js';
import { RemovedMember } from './remove-member.dto.js';

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
    @Owner() owner: PersonIdentity,
    @Req() request: FastifyRequest,
  ): Promise<RemovedMember> {
    const data = { accountId: owner.accountId, userId };
    const command = { type: 'RemoveMember', by: owner.userId, data } as const;
    const context = commandContext(request, personActor(owner));
    const outcome = await this.commands.execute(new ChangeAccount(command, context));
    if (!outcome.ok) throw refusalProblem(outcome.code);
    return { success: true, userId };
  }
}
