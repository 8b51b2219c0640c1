import { formatPosition } from '@keytrail/event-store';
import { isWellFormedKey } from '@keytrail/domain';
import { ApiSettings } from '@keytrail/platform';
import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Access, Caller } from '../permission/access.decorator.js';
import type { Identity } from '../permission/identity.js';
import { KeyCheck } from '../key-check/key-check.js';
import { showPosition } from '../../events/feed-position.js';
import { Metrics } from '../../http/metrics.js';
import { recordOf } from '../../http/caller-record.js';
import { callerOf } from '../../http/request-context.js';
import { VerifiedKey, VerifyKeyBody } from './verify-key.dto.js';

@ApiTags('Checking keys')
@Controller('v1/verify')
export class VerifyKeyController {
  constructor(
    private readonly settings: ApiSettings,
    private readonly keys: KeyCheck,
    private readonly metrics: Metrics,
  ) {}

  @Post()
  @HttpCode(200)
  @Access('key', 'guarded')
  @ApiOperation({
    operationId: 'verifyKey',
    summary: 'Check the key of a request to another service, and record its use',
    description:
      'Called with a key of the same account. The keys of other accounts are unknown to it. Refuse the request when the answer is 503: its use could not be recorded.',
  })
  @ApiOkResponse({ type: VerifiedKey })
  async verify(
    @Body() { apiKey, request: asked }: VerifyKeyBody,
    @Caller() { accountId: within }: Identity,
    @Req() request: FastifyRequest,
  ): Promise<VerifiedKey> {
    if (!isWellFormedKey(apiKey, this.settings.KEY_PREFIX)) {
      this.metrics.refused.inc({ code: 'malformed_key' });
      return { active: false, code: 'malformed_key', ...nobody };
    }
    const { method, path, ip, userAgent } = asked;
    const { requestId } = callerOf(request);
    const caller = recordOf({ requestId, method, path: withoutQuery(path), ip, userAgent });
    const decision = await this.keys.check(apiKey, caller, { within });
    if (!decision.ok) return { active: false, code: decision.code, ...nobody };
    const { keyId, accountId, name } = decision.identity;
    const position = showPosition(formatPosition(decision.position));
    return { active: true, code: null, apiKeyId: keyId, accountId, name, position };
  }
}

const nobody = { apiKeyId: null, accountId: null, name: null, position: null } as const;

const withoutQuery = (path: string): string => path.split(/[?#]/, 1)[0] ?? path;
