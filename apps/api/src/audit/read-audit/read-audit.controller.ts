import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { PastedKeys } from '../../access/key-check/pasted-keys.js';
import { Access, Caller } from '../../access/permission/access.decorator.js';
import type { Identity } from '../../access/permission/identity.js';
import { AuditPage, AuditQuery, toFilter } from './audit.dto.js';
import { ReadAudit } from './read-audit.handler.js';

@ApiTags('Audit trail')
@Controller('v1/audit')
export class ReadAuditController {
  constructor(
    private readonly queries: QueryBus,
    private readonly pasted: PastedKeys,
  ) {}

  @Get()
  @Access('read')
  @ApiOperation({ operationId: 'readAudit', summary: 'The audit trail, in the order of the log' })
  @ApiOkResponse({ type: AuditPage })
  async read(
    @Query() { cursor, limit, order, ...filters }: AuditQuery,
    @Caller() { accountId }: Identity,
  ): Promise<AuditPage> {
    const filter = await toFilter(accountId, filters, this.pasted);
    return this.queries.execute(new ReadAudit({ ...filter, order, limit }, cursor));
  }
}
