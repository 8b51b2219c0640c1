import type { EventLog } from '@keytrail/event-store';
import { findMemberships } from '@keytrail/read-models';
import type { MemberDocument, ReadModels } from '@keytrail/read-models';
import type { ApiSettings, Logger } from '@keytrail/platform';
import { openAccount } from './open-account.js';
import { createAuth, newPerson } from './auth.js';
import type { Auth } from './auth.js';
import { SignInRecorder } from './sign-in-recorder.js';
import type { Trace } from './trace.js';

/** Stands for the address that people use where none is set. Nothing of it is ever shown. */
const NO_ORIGIN = 'http://keytrail.invalid';

/** Sign-in and all that must be in the log before it answers. */
export class SignIn {
  readonly auth: Auth;
  /** The address people use; by default the one they come in by. */
  readonly baseUrl: string | undefined;
  /** Where the library takes all requests to come from. */
  readonly origin: string;
  private readonly recorder: SignInRecorder;

  constructor(
    private readonly log: EventLog,
    private readonly models: ReadModels,
    { AUTH_SECRET, BASE_URL, COOKIE_PREFIX }: ApiSettings,
    { logger, processId }: { readonly logger: Logger; readonly processId: string },
  ) {
    if (AUTH_SECRET === undefined) throw new Error('Sessions need a secret before they are served');
    this.baseUrl = BASE_URL;
    this.origin = BASE_URL === undefined ? NO_ORIGIN : new URL(BASE_URL).origin;
    this.recorder = new SignInRecorder(log, processId);
    this.auth = createAuth({
      models,
      logger,
      secret: AUTH_SECRET,
      origin: this.origin,
      cookies: { prefix: COOKIE_PREFIX, secure: this.origin.startsWith('https:') },
      onSignUp: (person, trace) => openAccount({ log, models }, person, trace),
      onSignIn: (userId, trace) => this.beginSession(userId, trace),
      onPasswordChange: async (userId, trace) => {
        await this.recorder.record('PasswordChanged', await this.membershipsOf(userId), trace);
      },
    });
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
