import { Controller, Delete, Param, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Access, Member } from '../../access/permission/access.decorator.js';
import { personActor } from '../../http/caller-record.js';
import type { PersonIdentity } from '../../access/permission/identity.js';
import { refusalProblem, refusalProblems } from '../common/refusal-problem.js';
import { ChangeAccount } from '../../commands/change-account.js';
import { commandContext } from '../../http/request-context.js';
import { Refuses } from '../../http/refuses.decorator.js';
import { conflict } from '../../http/to-problem.js';
import { WithdrawnInvitation } from './withdraw-invitation.dto.js';

@ApiTags('Members')
@Controller('v1/invitations')
export class WithdrawInvitationController {
  constructor(private readonly commands: CommandBus) {}

  @Delete(':id')
  @Access('owner')
  @ApiOperation({ operationId: 'withdrawInvitation', summary: 'Withdraw an invitation' })
  @ApiOkResponse({ type: WithdrawnInvitation })
  @Refuses(...refusalProblems('invitation_not_found', 'invitation_accepted'), conflict())
  async withdraw(
    @Param('id') invitationId: string,
    @Member() owner: PersonIdentity,
    @Req() request: FastifyRequest,
  ): Promise<WithdrawnInvitation> {
    const data = { accountId: owner.accountId, invitationId };
    const command = { type: 'WithdrawInvitation', by: owner.userId, data } as const;
    const context = commandContext(request, personActor(owner));
    const outcome = await this.commands.execute(new ChangeAccount(command, context));
    if (!outcome.ok) throw refusalProblem(outcome.code);
    return { success: true, invitationId };
  }
}
