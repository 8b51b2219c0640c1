import { ApiSettings, randomId } from '@keytrail/platform';
import { Body, Controller, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Access, Member } from '../../access/permission/access.decorator.js';
import { personActor } from '../../http/caller-record.js';
import type { PersonIdentity } from '../../access/permission/identity.js';
import { generateInvitationToken, hashInvitationToken } from '../common/invitation-token.js';
import { refusalProblem, refusalProblems } from '../common/refusal-problem.js';
import { ChangeAccount } from '../../commands/change-account.js';
import { commandContext } from '../../http/request-context.js';
import { Refuses } from '../../http/refuses.decorator.js';
import { conflict } from '../../http/to-problem.js';
import { originOf } from '../../sessions/origin-check.js';
import { InviteMemberBody, SentInvitation } from './invite-member.dto.js';
import { InvitationMailer } from './invitation-mailer.js';

const LIFETIME_MS = 7 * 24 * 60 * 60 * 1_000;

@ApiTags('Members')
@Controller('v1/invitations')
export class InviteMemberController {
  constructor(
    private readonly commands: CommandBus,
    private readonly settings: ApiSettings,
    private readonly mailer: InvitationMailer,
  ) {}

  @Post()
  @Access('owner')
  @ApiOperation({ operationId: 'inviteMember', summary: 'Invite a person by email address' })
  @ApiCreatedResponse({ type: SentInvitation })
  @Refuses(
    ...refusalProblems(
      ...(['already_member', 'too_many_members', 'too_many_invitations'] as const),
      'invited_too_often',
    ),
    conflict(),
  )
  async invite(
    @Body() { email, role }: InviteMemberBody,
    @Member() owner: PersonIdentity,
    @Req() request: FastifyRequest,
  ): Promise<SentInvitation> {
    const { accountId } = owner;
    const invitationId = randomId('inv');
    const token = generateInvitationToken();
    const tokenHash = hashInvitationToken(token);
    const context = commandContext(request, personActor(owner));
    const expiresAt = new Date(Date.parse(context.occurredAt) + LIFETIME_MS).toISOString();
    const data = { accountId, invitationId, email, role, tokenHash, expiresAt };
    const url = this.linkFor(token, request);
    const now = context.occurredAt;
    const command = { type: 'InviteMember', by: owner.userId, now, data } as const;
    const outcome = await this.commands.execute(new ChangeAccount(command, context));
    if (!outcome.ok) throw refusalProblem(outcome.code);
    const from = { invitedBy: owner.email, accountName: outcome.state.name };
    const mail = { ...from, accountId, invitationId, to: email, role, url, expiresAt };
    const mailSent = await this.mailer.send(mail);
    return { invitationId, email, role, url, expiresAt, mailSent };
  }

  /** The token stands in the fragment, which browsers send to no server. */
  private linkFor(token: string, request: FastifyRequest): string {
    const base = this.settings.BASE_URL ?? originOf(request);
    return `${base.replace(/\/+$/, '')}/join#${token}`;
  }
}
