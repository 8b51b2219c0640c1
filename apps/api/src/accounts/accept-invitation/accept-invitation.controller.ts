import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Access, Person } from '../../access/permission/access.decorator.js';
import { personActor } from '../../http/caller-record.js';
import type { SignedInPerson } from '../../access/permission/identity.js';
import { hashInvitationToken } from '../common/invitation-token.js';
import { refusalProblem, refusalProblems } from '../common/refusal-problem.js';
import { InvitationTokenBody } from '../common/invitation-token.dto.js';
import { commandContext } from '../../http/request-context.js';
import { Refuses } from '../../http/refuses.decorator.js';
import { conflict } from '../../http/to-problem.js';
import { JoinedAccount } from './accept-invitation.dto.js';
import { AcceptInvitation } from './accept-invitation.service.js';

@ApiTags('Members')
@Controller('v1/invitations')
export class AcceptInvitationController {
  constructor(private readonly invitations: AcceptInvitation) {}

  @Post('accept')
  @HttpCode(200)
  @Access('person')
  @ApiOperation({ operationId: 'acceptInvitation', summary: 'Join the account one is invited to' })
  @ApiOkResponse({ type: JoinedAccount })
  @Refuses(
    ...refusalProblems('invitation_not_found', 'invitation_expired', 'invitation_for_another'),
    ...refusalProblems('too_many_members'),
    conflict(),
  )
  async accept(
    @Body() { token }: InvitationTokenBody,
    @Person() person: SignedInPerson,
    @Req() request: FastifyRequest,
  ): Promise<JoinedAccount> {
    const context = commandContext(request, personActor(person));
    const tokenHash = hashInvitationToken(token);
    const outcome = await this.invitations.accept(tokenHash, person, context);
    if (!outcome.ok) throw refusalProblem(outcome.code);
    return outcome.state;
  }
}
