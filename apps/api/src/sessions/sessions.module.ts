import { EventLog } from '@keytrail/event-store';
import { ApiSettings } from '@keytrail/platform';
import { Module } from '@nestjs/common';
import { PROCESS_ID, READ_MODELS } from '../stores/tokens.js';
import { SignIn } from './sign-in.js';

/** People and their sessions, by the sign-in library. */
@Module({
  providers: [
    {
      provide: SignIn,
      inject: [EventLog, READ_MODELS, ApiSettings, PROCESS_ID],
      useFactory: SignIn.open.bind(SignIn),
    },
  ],
  exports: [SignIn],
})
export class SessionsModule {}
