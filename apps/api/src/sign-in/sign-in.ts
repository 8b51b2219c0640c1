import type { EventLog } from '@keytrail/event-store';
import type { ReadModels } from '@keytrail/read-models';
import { openAccount } from '../accounts/open-account.js';
import type { ApiSettings } from '../api-settings.js';
import { createAuth } from './auth.js';
import type { Auth } from './auth.js';
import { authSecret } from './auth-secret.js';
import { SignInRecorder } from './sign-in-recorder.js';

/** Sign-in and all that must be in the log before it answers. */
export class SignIn {
  private constructor(
    readonly auth: Auth,
    readonly baseUrl: string | undefined,
  ) {}

  static async open(
    log: EventLog,
    models: ReadModels,
    settings: ApiSettings,
    processId: string,
  ): Promise<SignIn> {
    const recorder = new SignInRecorder(log, models, processId);
    const auth = createAuth({
      models,
      secret: settings.AUTH_SECRET ?? (await authSecret(models.db)),
      baseUrl: settings.BASE_URL,
      onSignUp: (person, trace) => openAccount(log, models, person, trace),
      onSignIn: (userId, trace) => recorder.record(userId, trace),
    });
    return new SignIn(auth, settings.BASE_URL);
  }
}
