import { uniqueId } from '@keytrail/platform';
import { Body, Controller, Delete, Param, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Access, Caller } from '../access/access.decorator.js';
import { actorOf } from '../access/identity.js';
import type { Identity } from '../access/identity.js';
import { keyIdPipe } from '../http/key-id.js';
import { notFound } from '../http/problem.js';
import { eventContext } from '../http/request-context.js';
import { Refuses } from '../http/refuses.decorator.js';
import { RevokedKey, RevokeKeyBody } from './revoke-key.dto.js';
import { RevokeKeyCommand } from './revoke-key.handler.js';

@ApiTags('API keys')
@Controller('v1/api-keys')
export class RevokeKeyController {
  constructor(private readonly commands: CommandBus) {}

  @Delete(':id')
  @Access('owner')
  @ApiOperation({ operationId: 'revokeKey', summary: 'Revoke a key for good' })
  @ApiBody({ type: RevokeKeyBody, required: false })
  @ApiOkResponse({ type: RevokedKey })
  @Refuses(notFound('key'))
  async revoke(
    @Param('id', keyIdPipe) keyId: string,
    @Body() { reason }: RevokeKeyBody,
    @Caller() caller: Identity,
    @Req() request: FastifyRequest,
  ): Promise<RevokedKey> {
    const commandId = uniqueId();
    const data = { keyId, accountId: caller.accountId, reason: reason ?? null };
    const context = eventContext(request, actorOf(caller), commandId);
    const result = await this.commands.execute(new RevokeKeyCommand(commandId, data, context));
    if (!result.ok) throw notFound('key');
    return { success: true, apiKeyId: keyId, revokedAt: result.revokedAt };
  }
}
