import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { PastedKeys } from '../../access/key-check/pasted-keys.js';
import { Access, Caller } from '../../access/permission/access.decorator.js';
import type { Identity } from '../../access/permission/identity.js';
import { Problem } from '../../http/problem.js';
import { Refuses } from '../../http/refuses.decorator.js';
import { GetKey } from '../get-key/get-key.handler.js';
import { ListedKey } from '../list-keys/list-keys.dto.js';
import { KeyLookUp } from './look-up-key.dto.js';

@ApiTags('API keys')
@Controller('v1/api-keys')
export class LookUpKeyController {
  constructor(
    private readonly queries: QueryBus,
    private readonly pasted: PastedKeys,
  ) {}

  /** A POST, so that not even the hash of a key stands in an address. */
  @Post('lookup')
  @HttpCode(200)
  @Access('read')
  @ApiOperation({
    operationId: 'lookUpKey',
    summary: 'The key of the account whose whole text somebody has, by its hash',
  })
  @ApiOkResponse({ type: ListedKey })
  @Refuses(noSuchKey())
  async lookUp(
    @Body() { secretHash }: KeyLookUp,
    @Caller() { accountId }: Identity,
  ): Promise<ListedKey> {
    const keyId = await this.pasted.idOf(secretHash, accountId);
    const key = keyId && (await this.queries.execute(new GetKey(accountId, keyId)));
    if (!key) throw noSuchKey();
    return key;
  }
}

function noSuchKey(): Problem {
  return new Problem({
    status: 404,
    code: 'not_found',
    detail: 'No key of this account has this hash.',
  });
}
