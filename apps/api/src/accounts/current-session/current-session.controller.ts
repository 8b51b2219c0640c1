import { ApiSettings } from '@keytrail/platform';
import { Controller, Get, Req } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { SessionAuthenticator } from '../../access/guard/session-authenticator.js';
import { Access } from '../../access/permission/access.decorator.js';
import { noAccount } from '../../access/permission/forbidden.js';
import { unauthorized } from '../../access/permission/unauthorized.js';
import { Refuses } from '../../http/refuses.decorator.js';
import { outages, tooManyWaiting } from '../../http/to-problem.js';
import { AccountNames } from '../common/account-names.js';
import { ListAccounts } from '../list-accounts/list-accounts.handler.js';
import { CurrentSession } from './current-session.dto.js';

@ApiTags('Identity')
@Controller('v1/session')
export class CurrentSessionController {
  constructor(
    private readonly queries: QueryBus,
    private readonly sessions: SessionAuthenticator,
    private readonly names: AccountNames,
    private readonly settings: ApiSettings,
  ) {}

  /** Answers those who are not signed in too: a page has to ask before it knows. */
  @Get()
  @Access('public', 'reads')
  @ApiOperation({
    operationId: 'currentSession',
    summary: 'Who is signed in in this browser, if anybody',
  })
  @ApiOkResponse({ type: CurrentSession })
  @Refuses(unauthorized('wrong_account'), noAccount(), ...outages(), tooManyWaiting())
  async current(@Req() request: FastifyRequest): Promise<CurrentSession> {
    const keyPrefixWord = this.settings.KEY_PREFIX;
    const person = await this.sessions.authenticate(request);
    if (!person) return { session: null, keyPrefixWord };
    const { accountId, userId, email, role } = person;
    const [name, { accounts }] = await Promise.all([
      this.names.nameOf(accountId),
      this.queries.execute(new ListAccounts(userId)),
    ]);
    const session = {
      account: { id: accountId, name },
      user: { id: userId, email, role },
      accounts,
    };
    return { session, keyPrefixWord };
  }
}
