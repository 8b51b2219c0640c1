import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { Capacity } from './capacity.js';
import { DeclaredQueries } from './declared-queries.js';
import { Metrics } from './metrics.js';
import { ProblemFilter } from './problem.filter.js';
import { StrictValidationPipe } from './validation.js';

/** What holds for every route: problems as answers, strict input, figures for the operator. */
@Global()
@Module({
  providers: [
    Capacity,
    DeclaredQueries,
    Metrics,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useClass: StrictValidationPipe },
  ],
  exports: [Capacity, DeclaredQueries, Metrics],
})
export class HttpModule {}
