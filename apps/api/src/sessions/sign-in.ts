import type { EventLog } from '@keytrail/event-store';
import { findMemberships } from '@keytrail/read-models';
import type { MemberDocument, ReadModels } from '@keytrail/read-models';
import { AttemptFolder } from '@keytrail/platform';
import type { ApiSettings, Folded, Logger } from '@keytrail/platform';
import type { OnModuleDestroy } from '@nestjs/common';
import { changeAccount } from '../commands/change-account.js';
import { eventContext, personActor } from '../http/caller-record.js';
import { openAccount } from './open-account.js';
import { createAuth, newPerson } from './auth.js';
import type { Auth, RenamedPerson } from './auth.js';
import { findPerson, findPersonByEmail, setCurrentAccountOf } from './people-of-library.js';
import { sessionTokenIn } from './session-cookie.js';
import type { CookieOptions } from './session-cookie.js';
import { SignInRecorder } from './sign-in-recorder.js';
import type { FailedSignIn } from './sign-in-recorder.js';
import type { Trace } from './trace.js';

/** Stands for the address that people use where none is set. Nothing of it is ever shown. */
const NO_ORIGIN = 'http://keytrail.invalid';

/** Refused attempts of one caller are one entry in so long. */
const FOLDED_MS = 60_000;

/** Sign-in and all that must be in the log before it answers. */
export class SignIn implements OnModuleDestroy {
  readonly auth: Auth;
  /** The address people use; by default the one they come in by. */
  readonly baseUrl: string | undefined;
  /** Where the library takes all requests to come from. */
  readonly origin: string;
  private readonly cookies: CookieOptions;
  private readonly recorder: SignInRecorder;
  private readonly logger: Logger;
  private readonly failures = new AttemptFolder<FailedSignIn>({
    windowMs: FOLDED_MS,
    record: (folded) => this.recordFailed(folded),
  });

  constructor(
    private readonly log: EventLog,
    private readonly models: ReadModels,
    { AUTH_SECRET, BASE_URL, COOKIE_PREFIX }: ApiSettings,
    { logger, processId }: { readonly logger: Logger; readonly processId: string },
  ) {
    if (AUTH_SECRET === undefined) throw new Error('Sessions need a secret before they are served');
    this.logger = logger;
    this.baseUrl = BASE_URL;
    this.origin = BASE_URL === undefined ? NO_ORIGIN : new URL(BASE_URL).origin;
    this.cookies = { prefix: COOKIE_PREFIX, secure: this.origin.startsWith('https:') };
    this.recorder = new SignInRecorder(log, processId);
    this.auth = createAuth({
      models,
      logger,
      secret: AUTH_SECRET,
      origin: this.origin,
      cookies: this.cookies,
      onSignUp: (person, trace) => openAccount({ log, models }, person, trace),
      onSignIn: (userId, trace) => this.beginSession(userId, trace),
      onPasswordChange: async (userId, trace) => {
        await this.recorder.record('PasswordChanged', await this.membershipsOf(userId), trace);
      },
      onRename: (person, trace) => this.rename(person, trace),
    });
  }

  /** See `sessionTokenIn`. */
  sessionTokenIn(header: string): string {
    return sessionTokenIn(header, this.cookies);
  }

  /** Writes down the refusals that are still held, for a clean stop. */
  async onModuleDestroy(): Promise<void> {
    await this.failures.end();
  }

  /** From now on the person's requests are for this account unless they name another one. */
  setCurrentAccount(userId: string, accountId: string): Promise<void> {
    return setCurrentAccountOf(this.auth, userId, accountId);
  }

  /**
   * Records that a person has ended one session or all. They have ended in any case; the operator is
   * told when that cannot be recorded.
   */
  async recordEnd(
    type: 'SignedOut' | 'SessionsEnded',
    userId: string,
    trace: Trace,
  ): Promise<void> {
    try {
      await this.recorder.record(type, await this.membershipsOf(userId), trace);
    } catch (err) {
      this.logger.error({ err, userId, type }, 'the end of a session could not be recorded');
    }
  }

  /** Notes an attempt to sign in that was refused; nobody waits for the record. */
  noteFailed(failed: FailedSignIn): void {
    this.failures.add(failed.email, failed.trace.ip ?? '', failed);
  }

  /** Never rejects: the attempt was refused in any case, and the operator is told. */
  private async recordFailed(folded: Folded<FailedSignIn>): Promise<void> {
    const { email, trace } = folded.attempt;
    const { requestId, ip } = trace;
    this.logger.warn({ ip, requestId, count: folded.count }, 'a sign-in was refused');
    try {
      const found = await findPersonByEmail(this.auth, email);
      if (!found) return;
      await this.recorder.recordFailed(await this.membershipsOf(found.id), folded);
    } catch (err) {
      this.logger.error({ err, requestId }, 'a refused sign-in could not be recorded');
    }
  }

  private async rename({ userId, email, name }: RenamedPerson, trace: Trace): Promise<void> {
    const context = eventContext(trace, personActor({ userId, email }), trace.requestId);
    for (const { accountId } of await this.membershipsOf(userId)) {
      const command = { type: 'RenameMember', data: { accountId, userId, name } } as const;
      await changeAccount({ log: this.log, models: this.models }, command, context);
    }
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
    const user = await findPerson(this.auth, userId);
    if (user) await openAccount({ log: this.log, models: this.models }, newPerson(user), trace);
  }

  private async membershipsOf(userId: string): Promise<MemberDocument[]> {
    return findMemberships(await this.models.views.current(), userId);
  }
}
