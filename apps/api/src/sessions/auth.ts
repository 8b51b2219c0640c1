import { betterAuth } from 'better-auth';
import type { BetterAuthOptions } from 'better-auth';
import { mongodbAdapter } from 'better-auth/adapters/mongodb';
import { APIError } from 'better-auth/api';
import type { ReadModels } from '@keytrail/read-models';
import { randomId } from '@keytrail/platform';
import type { Logger } from '@keytrail/platform';
import { toProblem } from '../http/to-problem.js';
import { SIGN_IN_PATH } from './endpoints.js';
import { hashingTokens } from './hashed-tokens.js';
import { PasswordHasher } from './password-hasher.js';
import { PASSWORD_MAX, PASSWORD_MIN } from './password-rules.js';
import { cookiePrefix } from './session-cookie.js';
import type { CookieOptions } from './session-cookie.js';
import { refuseGuessable, refuseUnwritable } from './person-fields.js';
import { traceOf } from './trace.js';
import type { Trace } from './trace.js';

export interface NewPerson {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly accountId: string;
}

export interface AuthOptions {
  readonly models: ReadModels;
  readonly secret: string;
  /** Where the library takes all requests to come from; see `toWebRequest`. */
  readonly origin: string;
  readonly cookies: CookieOptions;
  readonly logger: Logger;
  /** Called before a sign-up answers: opens the person's account. */
  readonly onSignUp: (person: NewPerson, trace: Trace) => Promise<void>;
  /** Called before a session begins, except by a sign-up or a new password: records the sign-in. */
  readonly onSignIn: (userId: string, trace: Trace) => Promise<void>;
  /** Called before a person's new password counts: records the change. */
  readonly onPasswordChange: (userId: string, trace: Trace) => Promise<void>;
  /** Called before a person has another name: records it. */
  readonly onRename: (person: RenamedPerson, trace: Trace) => Promise<void>;
}

export interface RenamedPerson {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
}

export type Auth = ReturnType<typeof createAuth>;

const CHANGE_PASSWORD = '/change-password';
const UPDATE_USER = '/update-user';

/** Sign-in by email and password; sessions in http-only cookies, kept in the document database. */
export function createAuth({ models, secret, origin, cookies, logger, ...hooks }: AuthOptions) {
  const { onSignUp, onSignIn, onPasswordChange, onRename } = hooks;
  const toDatabase = mongodbAdapter(models.db, { client: models.client });
  return betterAuth({
    appName: 'Keytrail',
    secret,
    baseURL: origin,
    basePath: SIGN_IN_PATH,
    database: (options: BetterAuthOptions) => hashingTokens(toDatabase(options)),
    emailAndPassword: {
      enabled: true,
      minPasswordLength: PASSWORD_MIN,
      maxPasswordLength: PASSWORD_MAX,
      password: new PasswordHasher(),
    },
    user: {
      additionalFields: {
        /** The account that the person's sign-up opened. */
        accountId: { type: 'string', required: false, input: false },
        /** The account that requests are for unless they name another one. */
        currentAccountId: { type: 'string', required: false, input: false },
      },
    },
    session: { expiresIn: 7 * 24 * 60 * 60, updateAge: 24 * 60 * 60 },
    advanced: {
      // The library would put `__Secure-` before the names: other hosts of the domain could set such cookies.
      useSecureCookies: false,
      cookiePrefix: cookiePrefix(cookies),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', secure: cookies.secure },
      ipAddress: { ipAddressHeaders: ['x-forwarded-for'] },
      // A session comes with its person in one look-up.
      database: { joins: true },
    },
    // Attempts are counted before they come here, for the open endpoints and in bounded memory.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    // Without this it writes to the console by itself. What it throws is told of where others are.
    onAPIError: { throw: true },
    logger: {
      level: 'error',
      log: (_level, message, ...details) => {
        const err = details.find((detail) => detail instanceof Error);
        logger.error({ err, said: message }, 'the sign-in library reports an error');
      },
    },
    databaseHooks: {
      user: {
        create: {
          before: (user, context) => {
            refuseUnwritable(user);
            refuseGuessable(fieldOf(context?.body, 'password'), user.email);
            const accountId = randomId('acc');
            return Promise.resolve({ data: { ...user, accountId, currentAccountId: accountId } });
          },
          after: async (user, context) => {
            const opening = onSignUp(newPerson(user), traceOf(context?.headers));
            await orUnavailable(
              opening,
              'Your account may not be open yet; signing in completes it.',
            );
          },
        },
        update: {
          before: async (changes, context) => {
            refuseUnwritable(changes);
            const user = context?.context.session?.user;
            if (context?.path !== UPDATE_USER || !user || typeof changes.name !== 'string') return;
            const person = { userId: user.id, email: user.email, name: changes.name };
            const renaming = onRename(person, traceOf(context.headers));
            await orUnavailable(renaming, 'This cannot be recorded; the name is as it was.');
          },
        },
      },
      session: {
        create: {
          before: async ({ userId }, context) => {
            // At a sign-up the person is not stored yet; `onSignUp` opens the account afterwards.
            if (context?.path.startsWith('/sign-up/')) return;
            // A new password replaces the session; nobody signs in.
            if (context?.path === CHANGE_PASSWORD) return;
            const signingIn = onSignIn(userId, traceOf(context?.headers));
            await orUnavailable(signingIn, 'This cannot be recorded; you are not signed in.');
          },
        },
      },
      account: {
        update: {
          before: async (_changes, context) => {
            if (context?.path !== CHANGE_PASSWORD || !context.context.session) return;
            const { user, session } = context.context.session;
            refuseGuessable(fieldOf(context.body, 'newPassword'), user.email);
            const { userId } = session;
            const changing = onPasswordChange(userId, traceOf(context.headers));
            await orUnavailable(changing, 'This cannot be recorded; the password is as it was.');
          },
        },
      },
    },
  });
}

const fieldOf = (body: unknown, name: string): unknown =>
  (body as Readonly<Record<string, unknown>> | undefined)?.[name];

interface CreatedUser {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly accountId?: unknown;
}

/** What the sign-in library keeps of a person, as Keytrail sees it. */
export function newPerson({ id, email, name, accountId }: CreatedUser): NewPerson {
  if (typeof accountId !== 'string') throw new Error('A person was created without an account id');
  return { userId: id, email, name, accountId };
}

/**
 * The sign-in library knows only its own errors; any other one it would answer with 500.
 *
 * @param outcome what came of the request when a store did not answer
 */
async function orUnavailable(done: Promise<void>, outcome: string): Promise<void> {
  try {
    await done;
  } catch (error) {
    const problem = toProblem(error);
    if (problem?.status !== 503) throw error;
    const message = `${outcome} Try again shortly.`;
    throw new APIError('SERVICE_UNAVAILABLE', { code: problem.code, message });
  }
}
