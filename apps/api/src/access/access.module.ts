import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module.js';
import { ForwardAuthController } from './forward-auth/forward-auth.controller.js';
import { BearerAuthenticator } from './guard/bearer-authenticator.js';
import { CallerCheck } from './guard/caller-check.js';
import { SessionAuthenticator } from './guard/session-authenticator.js';
import { CredentialLookUp } from './key-check/credential-look-up.js';
import { KeyCheck } from './key-check/key-check.js';
import { PastedKeys } from './key-check/pasted-keys.js';
import { RefusalRecorder } from './key-check/refusal-recorder.js';
import { UsageRecorder } from './key-check/usage-recorder.js';
import { VerifyKeyController } from './verify-key/verify-key.controller.js';

/** Who calls, for the guard of this API and for the services and proxies that ask. */
@Module({
  imports: [SessionsModule],
  controllers: [VerifyKeyController, ForwardAuthController],
  providers: [
    CredentialLookUp,
    UsageRecorder,
    RefusalRecorder,
    KeyCheck,
    BearerAuthenticator,
    SessionAuthenticator,
    CallerCheck,
    PastedKeys,
  ],
  exports: [BearerAuthenticator, CallerCheck, PastedKeys, SessionAuthenticator],
})
export class AccessModule {}
