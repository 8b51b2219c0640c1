import type { EventLog } from '@keytrail/event-store';
import { findMemberships } from '@keytrail/read-models';
import type { MemberDocument, ReadModels } from '@keytrail/read-models';
import type { ApiSettings } from '@keytrail/platform';
import { openAccount } from './open-account.js';
import { createAuth, newPerson } from './auth.js';
import type { Auth } from './auth.js';
import { authSecret } from './auth-secret.js';
import { SignInRecorder } from './sign-in-recorder.js';
import type { Trace } from './trace.js';

/** Sign-in and all that must be in the log before it answers. */
export class SignIn {
  readonly auth: Auth;
  private readonly recorder: SignInRecorder;

  private constructor(
    private readonly log: EventLog,
    private readonly models: ReadModels,
    readonly baseUrl: string | undefined,
    { secret, processId }: { readonly secret: string; readonly processId: string },
  ) {
    this.recorder = new SignInRecorder(log, processId);
    this.auth = createAuth({
      models,
      secret,
      baseUrl,
      onSignUp: (person, trace) => openAccount({ log, models }, person, trace),
      onSignIn: (userId, trace) => this.beginSession(userId, trace),
      onPasswordChange: async (userId, trace) => {
        await this.recorder.record('PasswordChanged', await this.membershipsOf(userId), trace);
      },
    });
  }

  static async open(
    log: EventLog,
    models: ReadModels,
    { AUTH_SECRET, BASE_URL }: ApiSettings,
    processId: string,
  ): Promise<SignIn> {
    const secret = AUTH_SECRET ?? (await authSecret(models.db));
    return new SignIn(log, models, BASE_URL, { secret, processId });
  }

  /** From now on the person's requests are for this account unless they name another one. */
  async setCurrentAccount(userId: string, accountId: string): Promise<void> {
    const { internalAdapter } = await this.auth.$context;
    await internalAdapter.updateUser(userId, { currentAccountId: accountId });
  }

  private async beginSession(userId: string, trace: Trace): Promise<void> {
    let memberships = await this.membershipsOf(userId);
    if (memberships.length === 0) {
      await this.openMissingAccount(userId, trace);
      memberships = await this.membershipsOf(userId);
    }
    await this.recorder.record('SignedIn', memberships, trace);
  }

  /**
   * Signing up opens the account once the person is there for good. A process that ended between the
   * two left a person without one. For those who were removed from all accounts it changes nothing.
   */
  private async openMissingAccount(userId: string, trace: Trace): Promise<void> {
    const { internalAdapter } = await this.auth.$context;
    const user = await internalAdapter.findUserById(userId);
    if (user) await openAccount({ log: this.log, models: this.models }, newPerson(user), trace);
  }

  private async membershipsOf(userId: string): Promise<MemberDocument[]> {
    return findMemberships(await this.models.views.current(), userId);
  }
}
