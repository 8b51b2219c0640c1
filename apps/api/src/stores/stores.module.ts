import { EventLog } from '@keytrail/event-store';
import { ApiSettings, uniqueId } from '@keytrail/platform';
import type { Logger } from '@keytrail/platform';
import type { ReadModels } from '@keytrail/read-models';
import { Global, Module } from '@nestjs/common';
import type { DynamicModule, Provider } from '@nestjs/common';
import { ConsistentReads } from './consistent-reads.js';
import { HeldCredentials } from './held-credentials.js';
import { LogHead } from './log-head.js';
import { LOGGER, PROCESS_ID, READ_MODELS } from './tokens.js';

export interface StoresOptions {
  readonly settings: ApiSettings;
  readonly log: EventLog;
  readonly models: ReadModels;
  readonly logger: Logger;
}

/** What every area works with: the settings, the logger, both stores the reads that wait for the log,
 * and the credentials that are known by heart. */
@Global()
@Module({})
export class StoresModule {
  static forRoot({ settings, log, models, logger }: StoresOptions): DynamicModule {
    const providers: Provider[] = [
      { provide: ApiSettings, useValue: settings },
      { provide: EventLog, useValue: log },
      { provide: READ_MODELS, useValue: models },
      { provide: LOGGER, useValue: logger },
      { provide: PROCESS_ID, useValue: uniqueId() },
      LogHead,
      ConsistentReads,
      HeldCredentials,
    ];
    return { module: StoresModule, providers, exports: providers };
  }
}
