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
import { WithdrawnInvitation } from './withdraw-invitation.dto.js';
import { WithdrawInvitationCommand } from './withdraw-invitation.handler.js';

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
    @Caller() caller: Identity,
    @Req() request: FastifyRequest,
  ): Promise<WithdrawnInvitation> {
    const commandId = uniqueId();
    const data = { accountId: caller.accountId, invitationId };
    const context = eventContext(request, actorOf(caller), commandId);
    const result = await this.commands.execute(
      new WithdrawInvitationCommand(commandId, data, context),
    );
    if (!result.ok) throw refusalProblem(result.code);
    return { success: true, invitationId };
  }
}
