import { ApiSettings, randomId, uniqueId } from '@keytrail/platform';
import { Body, Controller, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Access, Caller } from '../access/access.decorator.js';
import { actorOf } from '../access/identity.js';
import type { Identity } from '../access/identity.js';
import { generateInvitationToken, hashInvitationToken } from '../accounts/invitation-token.js';
import { refusalProblem, refusalProblems } from '../accounts/refusal-problem.js';
import { eventContext } from '../http/request-context.js';
import { Refuses } from '../http/refuses.decorator.js';
import { conflict } from '../http/to-problem.js';
import { originOf } from '../sign-in/origin-check.js';
import { InviteMemberBody, SentInvitation } from './invite-member.dto.js';
import { InviteMemberCommand } from './invite-member.handler.js';

const LIFETIME_MS = 7 * 24 * 60 * 60 * 1_000;

@ApiTags('Members')
@Controller('v1/invitations')
export class InviteMemberController {
  constructor(
    private readonly commands: CommandBus,
    private readonly settings: ApiSettings,
  ) {}

  @Post()
  @Access('owner')
  @ApiOperation({ operationId: 'inviteMember', summary: 'Invite a person by email address' })
  @ApiCreatedResponse({ type: SentInvitation })
  @Refuses(...refusalProblems('already_member'), conflict())
  async invite(
    @Body() { email, role }: InviteMemberBody,
    @Caller() caller: Identity,
    @Req() request: FastifyRequest,
  ): Promise<SentInvitation> {
    const { accountId } = caller;
    const invitationId = randomId('inv');
    const token = generateInvitationToken();
    const tokenHash = hashInvitationToken(token);
    const commandId = uniqueId();
    const context = eventContext(request, actorOf(caller), commandId);
    const expiresAt = new Date(Date.parse(context.occurredAt) + LIFETIME_MS).toISOString();
    const data = { accountId, invitationId, email, role, tokenHash, expiresAt };
    const url = this.linkFor(token, request);
    const result = await this.commands.execute(
      new InviteMemberCommand(commandId, data, url, context),
    );
    if (!result.ok) throw refusalProblem(result.code);
    return { invitationId, email, role, url, expiresAt, mailSent: result.mailSent };
  }

  /** The token stands in the fragment, which browsers send to no server. */
  private linkFor(token: string, request: FastifyRequest): string {
    const base = this.settings.BASE_URL ?? originOf(request);
    return `${base.replace(/\/+$/, '')}/join#${token}`;
  }
}
