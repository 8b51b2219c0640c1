import { betterAuth } from 'better-auth';
import { mongodbAdapter } from 'better-auth/adapters/mongodb';
import { APIError } from 'better-auth/api';
import type { ReadModels } from '@keytrail/read-models';
import { randomId } from '@keytrail/platform';
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
  /** Called before a session begins: records the sign-in. */
  readonly onSignIn: (userId: string, trace: Trace) => Promise<void>;
}

export type Auth = ReturnType<typeof createAuth>;

const ATTEMPTS_PER_MINUTE = { window: 60, max: 30 };

/** Sign-in by email and password; sessions in http-only cookies, kept in the document database. */
export function createAuth({ models, secret, baseUrl, onSignUp, onSignIn }: AuthOptions) {
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
            const accountId = randomId('acc');
            return Promise.resolve({ data: { ...user, accountId, currentAccountId: accountId } });
          },
          after: async (user, context) => {
            const accountId = (user as { accountId?: unknown }).accountId;
            if (typeof accountId !== 'string') throw new APIError('INTERNAL_SERVER_ERROR');
            await onSignUp(
              { userId: user.id, email: user.email, name: user.name, accountId },
              traceOf(context?.headers),
            );
          },
        },
      },
      session: {
        create: {
          before: async ({ userId }, context) => {
            await onSignIn(userId, traceOf(context?.headers));
          },
        },
      },
    },
  });
}
