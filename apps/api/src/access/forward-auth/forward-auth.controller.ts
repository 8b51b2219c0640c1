import { All, Controller, HttpCode, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access } from '../permission/access.decorator.js';
import { BearerAuthenticator } from '../guard/bearer-authenticator.js';
import { allUnauthorized, unauthorized } from '../permission/unauthorized.js';
import { IsTextField } from '../../http/fields.js';
import { Refuses } from '../../http/refuses.decorator.js';
import { outages, tooManyWaiting } from '../../http/to-problem.js';
import { originalRequest } from './original-request.js';

class ForwardAuthQuery {
  @IsTextField('The account that the key must be of.')
  account?: string;
}

@ApiTags('Checking keys')
@Controller('v1/forward-auth')
export class ForwardAuthController {
  constructor(private readonly bearer: BearerAuthenticator) {}

  /** Public as far as the guard goes: the key that is checked here belongs to another request. */
  @All()
  @HttpCode(200)
  @Access('public')
  @ApiBearerAuth()
  @ApiOperation({
    operationId: 'forwardAuth',
    summary: 'Check the key of a request that a reverse proxy holds, and record its use',
    description:
      'For nginx `auth_request`, Traefik ForwardAuth and Caddy `forward_auth`; see docs/checking-keys.md. The answer is 400 when the proxy does not say what it was asked for.',
  })
  @ApiOkResponse({
    description: 'The request may go on.',
    headers: {
      'Keytrail-Account': { schema: { type: 'string' } },
      'Keytrail-Key-Id': { schema: { type: 'string' } },
      'Keytrail-Key-Name': {
        schema: { type: 'string' },
        description: 'In UTF-8, percent-encoded as by encodeURIComponent.',
      },
    },
  })
  @Refuses(...allUnauthorized(), ...outages(), tooManyWaiting())
  async check(
    @Query() { account }: ForwardAuthQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const { authorization } = request.headers;
    if (authorization === undefined) throw unauthorized('missing_credentials');
    const caller = originalRequest(request);
    const accounts = account === undefined ? [] : [account];
    const identity = await this.bearer.authenticate(request, authorization, caller, accounts);
    request.identity = identity;
    void reply.headers({
      'cache-control': 'no-store',
      'keytrail-account': identity.accountId,
      'keytrail-key-id': identity.keyId,
      'keytrail-key-name': headerText(identity.name),
    });
  }
}

/** Safe in a header. Half a surrogate pair, which a name could once hold, has no encoding. */
const headerText = (text: string): string => encodeURIComponent(text.toWellFormed());
