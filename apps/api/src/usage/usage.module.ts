import { Module } from '@nestjs/common';
import { ListTransactionsController } from './list-transactions/list-transactions.controller.js';
import { ListUsageController } from './list-usage/list-usage.controller.js';
import { ListUsesHandler } from './list-usage/list-uses.handler.js';
import { UsageSeriesController } from './usage-series/usage-series.controller.js';
import { UsageSeriesHandler } from './usage-series/usage-series.handler.js';

@Module({
  controllers: [UsageSeriesController, ListUsageController, ListTransactionsController],
  providers: [ListUsesHandler, UsageSeriesHandler],
})
export class UsageModule {}
