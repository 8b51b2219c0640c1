import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access } from '../../access/permission/access.decorator.js';
import { hashInvitationToken } from '../common/invitation-token.js';
import { refusalProblem, refusalProblems } from '../common/refusal-problem.js';
import { InvitationTokenBody } from '../common/invitation-token.dto.js';
import { Refuses } from '../../http/refuses.decorator.js';
import { outages, tooManyWaiting } from '../../http/to-problem.js';
import { InvitationPreview } from './look-up-invitation.dto.js';
import { LookUpInvitation } from './look-up-invitation.handler.js';

@ApiTags('Members')
@Controller('v1/invitations')
export class LookUpInvitationController {
  constructor(private readonly queries: QueryBus) {}

  /** A POST, so that the token stands in no address and in no log of one. */
  @Post('lookup')
  @HttpCode(200)
  @Access('public', 'reads')
  @ApiOperation({ operationId: 'lookUpInvitation', summary: 'What an invitation is to' })
  @ApiOkResponse({ type: InvitationPreview })
  @Refuses(
    ...refusalProblems('invitation_not_found', 'invitation_expired'),
    ...outages(),
    tooManyWaiting(),
  )
  async lookUp(@Body() { token }: InvitationTokenBody): Promise<InvitationPreview> {
    const query = new LookUpInvitation(hashInvitationToken(token), new Date());
    const result = await this.queries.execute(query);
    if (!result.ok) throw refusalProblem(result.code);
    return result.invitation;
  }
}
