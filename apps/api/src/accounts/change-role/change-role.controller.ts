import { Body, Controller, Param, Patch, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Access, Member } from '../../access/permission/access.decorator.js';
import { personActor } from '../../http/caller-record.js';
import type { PersonIdentity } from '../../access/permission/identity.js';
import { ListedMember, listedMember } from '../common/member.dto.js';
import { refusalProblem, refusalProblems } from '../common/refusal-problem.js';
import { ChangeAccount } from '../../commands/change-account.js';
import { commandContext } from '../../http/request-context.js';
import { Refuses } from '../../http/refuses.decorator.js';
import { conflict } from '../../http/to-problem.js';
import { ChangeRoleBody } from './change-role.dto.js';

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
    @Member() owner: PersonIdentity,
    @Req() request: FastifyRequest,
  ): Promise<ListedMember> {
    const data = { accountId: owner.accountId, userId, role };
    const command = { type: 'ChangeMemberRole', by: owner.userId, data } as const;
    const context = commandContext(request, personActor(owner));
    const outcome = await this.commands.execute(new ChangeAccount(command, context));
    if (!outcome.ok) throw refusalProblem(outcome.code);
    return listedMember(outcome.state, userId);
  }
}
