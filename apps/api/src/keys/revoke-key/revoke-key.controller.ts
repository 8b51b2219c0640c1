import { Body, Controller, Delete, Param, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Access, Member } from '../../access/permission/access.decorator.js';
import { personActor } from '../../http/caller-record.js';
import type { PersonIdentity } from '../../access/permission/identity.js';
import { ChangeKey } from '../../commands/change-key.js';
import { keyIdPipe } from '../../http/key-id.js';
import { notFound } from '../../http/problem.js';
import { commandContext } from '../../http/request-context.js';
import { Refuses } from '../../http/refuses.decorator.js';
import { RevokedKey, RevokeKeyBody } from './revoke-key.dto.js';

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
    @Member() owner: PersonIdentity,
    @Req() request: FastifyRequest,
  ): Promise<RevokedKey> {
    const data = { keyId, accountId: owner.accountId, reason: reason ?? null };
    const context = commandContext(request, personActor(owner));
    const outcome = await this.commands.execute(
      new ChangeKey({ type: 'RevokeKey', data }, context),
    );
    if (!outcome.ok) throw notFound('key');
    const { state } = outcome;
    if (state.status !== 'Revoked') throw new Error('A revocation was accepted and did not revoke');
    return { success: true, apiKeyId: keyId, revokedAt: state.revokedAt };
  }
}
