import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Access, Caller } from '../../access/permission/access.decorator.js';
import type { Identity } from '../../access/permission/identity.js';
import { defined } from '../../http/defined.js';
import { ListUses } from '../list-usage/list-uses.handler.js';
import { Use, UsesQuery } from '../list-usage/use.dto.js';

class TransactionList {
  @ApiProperty({ type: [Use] })
  transactions!: Use[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}

@ApiTags('Usage')
@Controller('v1/transactions')
export class ListTransactionsController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Access('read')
  @ApiOperation({
    operationId: 'listTransactions',
    summary: 'The request log, newest first: which key made each request',
  })
  @ApiOkResponse({ type: TransactionList })
  async list(
    @Query() { cursor, ...filters }: UsesQuery,
    @Caller() { accountId }: Identity,
  ): Promise<TransactionList> {
    const query = defined({ ...filters, accountId });
    const asked = new ListUses('transactions', query, cursor);
    const { uses, nextCursor } = await this.queries.execute(asked);
    return { transactions: uses, nextCursor };
  }
}
