import { generateKey, hashKey, shownPrefix } from '@keytrail/domain';
import { ApiSettings, derivedId, randomId } from '@keytrail/platform';
import { Body, Controller, Headers, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Access, Member } from '../../access/permission/access.decorator.js';
import { personActor } from '../../http/caller-record.js';
import type { PersonIdentity } from '../../access/permission/identity.js';
import { ChangeKey } from '../../commands/change-key.js';
import { Problem, badInput } from '../../http/problem.js';
import { commandContext } from '../../http/request-context.js';
import { Refuses } from '../../http/refuses.decorator.js';
import { CreateKeyBody, CreatedKey } from './create-key.dto.js';

const WARNING = 'Copy this key now: it is shown only once and cannot be shown again.';
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;

@ApiTags('API keys')
@Controller('v1/api-keys')
export class CreateKeyController {
  constructor(
    private readonly commands: CommandBus,
    private readonly settings: ApiSettings,
  ) {}

  @Post()
  @Access('owner')
  @ApiOperation({ operationId: 'createKey', summary: 'Issue a key; the answer alone contains it' })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Creates one key only.' })
  @ApiCreatedResponse({ type: CreatedKey })
  @Refuses(alreadyCreated('key_2qLwH0bT9xKc4VnRz7YfPs'))
  async create(
    @Body() { name }: CreateKeyBody,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Member() owner: PersonIdentity,
    @Req() request: FastifyRequest,
  ): Promise<CreatedKey> {
    const { accountId } = owner;
    const keyId = keyIdFor(accountId, idempotencyKey);
    const apiKey = generateKey(this.settings.KEY_PREFIX);
    const keyPrefix = shownPrefix(apiKey);
    const data = { keyId, accountId, name, keyPrefix, secretHash: hashKey(apiKey) };
    const context = commandContext(request, personActor(owner));
    const outcome = await this.commands.execute(
      new ChangeKey({ type: 'CreateKey', data }, context),
    );
    if (!outcome.ok) throw alreadyCreated(keyId);
    const createdAt = context.occurredAt;
    return { apiKeyId: keyId, apiKey, keyPrefix, name, createdAt, warning: WARNING };
  }
}

/** The same Idempotency-Key of the same account means the same key, so its id follows from the two. */
function keyIdFor(accountId: string, idempotencyKey: string | undefined): string {
  if (idempotencyKey === undefined) return randomId('key');
  if (!IDEMPOTENCY_KEY.test(idempotencyKey)) {
    const message = 'must be 1 to 200 printable ASCII characters without spaces';
    throw badInput([{ field: 'Idempotency-Key', message }]);
  }
  return derivedId('key', accountId, idempotencyKey);
}

function alreadyCreated(apiKeyId: string): Problem {
  return new Problem({
    status: 409,
    code: 'key_already_created',
    detail: 'A key was created with this Idempotency-Key before, and it cannot be shown again.',
    extensions: { apiKeyId },
  });
}
