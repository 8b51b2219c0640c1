import { betterAuth } from 'better-auth';
import { mongodbAdapter } from 'better-auth/adapters/mongodb';
import { APIError } from 'better-auth/api';
import type { ReadModels } from '@keytrail/read-models';
import { randomId } from '@keytrail/platform';
import { toProblem } from '../http/to-problem.js';
import { refuseUnwritable } from './person-fields.js';
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
  /** The address people use; by default the one they come in by. */
  readonly baseUrl: string | undefined;
  /** Called before a sign-up answers: opens the person's account. */
  readonly onSignUp: (person: NewPerson, trace: Trace) => Promise<void>;
  /** Called before a session begins, except by a sign-up or a new password: records the sign-in. */
  readonly onSignIn: (userId: string, trace: Trace) => Promise<void>;
  /** Called before a person's new password counts: records the change. */
  readonly onPasswordChange: (userId: string, trace: Trace) => Promise<void>;
}

export type Auth = ReturnType<typeof createAuth>;

const CHANGE_PASSWORD = '/change-password';
const ATTEMPTS_PER_MINUTE = { window: 60, max: 30 };

/** Sign-in by email and password; sessions in http-only cookies, kept in the document database. */
export function createAuth({ models, secret, baseUrl, ...recording }: AuthOptions) {
  const { onSignUp, onSignIn, onPasswordChange } = recording;
  return betterAuth({
    appName: 'Keytrail',
    secret,
    ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
    basePath: '/api/auth',
    database: mongodbAdapter(models.db, { client: models.client }),
    emailAndPassword: { enabled: true, minPasswordLength: 8, maxPasswordLength: 128 },
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
      useSecureCookies: baseUrl?.startsWith('https:') ?? false,
      cookiePrefix: 'keytrail',
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
      ipAddress: { ipAddressHeaders: ['x-forwarded-for'] },
      // A session comes with its person in one look-up.
      database: { joins: true },
    },
    trustedOrigins: (request) => (request ? [new URL(request.url).origin] : []),
    rateLimit: {
      enabled: true,
      storage: 'database',
      window: 60,
      max: 600,
      customRules: {
        '/sign-in/*': ATTEMPTS_PER_MINUTE,
        '/sign-up/*': ATTEMPTS_PER_MINUTE,
        '/get-session': false,
      },
    },
    telemetry: { enabled: false },
    logger: { level: 'error' },
    databaseHooks: {
      user: {
        create: {
          before: (user) => {
            refuseUnwritable(user);
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
          before: (changes) => {
            refuseUnwritable(changes);
            return Promise.resolve();
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
            const { userId } = context.context.session.session;
            const changing = onPasswordChange(userId, traceOf(context.headers));
            await orUnavailable(changing, 'This cannot be recorded; the password is as it was.');
          },
        },
      },
    },
  });
}

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
