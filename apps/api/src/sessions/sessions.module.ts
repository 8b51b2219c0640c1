import { EventLog } from '@keytrail/event-store';
import { ApiSettings } from '@keytrail/platform';
import { Module } from '@nestjs/common';
import type { Logger } from '@keytrail/platform';
import type { ReadModels } from '@keytrail/read-models';
import { LOGGER, PROCESS_ID, READ_MODELS } from '../stores/tokens.js';
import { SignIn } from './sign-in.js';

/** People and their sessions, by the sign-in library. */
@Module({
  providers: [
    {
      provide: SignIn,
      inject: [EventLog, READ_MODELS, ApiSettings, LOGGER, PROCESS_ID],
      useFactory: (
        log: EventLog,
        models: ReadModels,
        settings: ApiSettings,
        logger: Logger,
        processId: string,
      ) => new SignIn(log, models, settings, { logger, processId }),
    },
  ],
  exports: [SignIn],
})
export class SessionsModule {}
