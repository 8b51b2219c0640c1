import { EventLog, subscribeToEvents } from '@keytrail/event-store';
import { ApiSettings, createLogger, loadConfig } from '@keytrail/platform';
import { runProjector, setUpReadModels } from '@keytrail/projections';
import { openReadModels, type ReadModels } from '@keytrail/read-models';
import type { Type } from '@nestjs/common';
import { randomBytes, randomUUID } from 'node:crypto';
import supertest from 'supertest';
import { createApp } from '../../src/configure-app.js';
import { prepareSessions } from '../../src/sessions/prepare-sessions.js';
import { listsHaveCaughtUp } from '../../../../test/support/caught-up.js';
import { productStores } from '../../../../test/product/stores.js';
import type { TestStores } from '../../../../test/support/stores.js';

type Variables = Readonly<Record<string, string>>;

/** Signs the sessions of test apps; another process on the same stores needs the same. */
export const SESSION_SECRET = 'a secret that signs sessions in tests';

export interface TestAppOptions {
  /** Further settings of the api, by the names of their variables. */
  readonly env?: Variables;
  /** The stores of another app: this one is then a second process of the same deployment. */
  readonly stores?: TestStores;
  /** Whether nobody may have written anything into the log before. */
  readonly newLog?: boolean;
}

export interface SignedUp {
  /** For the header `Cookie`. */
  readonly cookie: string;
  readonly accountId: string;
  readonly userId: string;
  readonly email: string;
  readonly password: string;
}

export interface IssuedKey {
  readonly apiKeyId: string;
  readonly apiKey: string;
  readonly keyPrefix: string;
  readonly name: string;
  readonly createdAt: string;
}

export interface TestApp {
  /** Where it answers, without a slash at its end. */
  readonly baseUrl: string;
  /** Makes requests: `app.http.get('/v1/me').set('cookie', ada.cookie)`. */
  readonly http: ReturnType<typeof supertest>;
  readonly stores: TestStores;
  readonly models: ReadModels;
  readonly log: EventLog;
  /** Every line the api has logged, as it was written. */
  readonly logLines: readonly string[];
  /** What the application made of one of its classes. */
  get<Part>(part: Type<Part>): Part;
  /** Signs a new person up, with an account and an address of their own. */
  signUp(name?: string): Promise<SignedUp>;
  createKey(cookie: string, name?: string): Promise<IssuedKey>;
  stop(): Promise<void>;
}

/**
 * The api in this process, as its own process starts it, with a projector, on stores of its own (or on
 * those of another app, whose projector then serves both).
 */
export async function startTestApp({
  env = {},
  stores,
  newLog = false,
}: TestAppOptions = {}): Promise<TestApp> {
  const used = stores ?? (await productStores({ newLog }));
  const release = stores ? nothing : () => used.stop();
  try {
    return await startOn(used, { env, isFirst: stores === undefined, release });
  } catch (error) {
    await release();
    throw error;
  }
}

interface Start {
  readonly env: Variables;
  /** Whether there is no projector on these stores yet. */
  readonly isFirst: boolean;
  readonly release: () => Promise<void>;
}

async function startOn(used: TestStores, { env, isFirst, release }: Start): Promise<TestApp> {
  const settings = loadConfig(ApiSettings, {
    EVENTSTOREDB_URL: used.eventStoreUrl,
    MONGODB_URL: used.mongoUrl,
    PORT: '0',
    // Attempts to sign in are limited per address; each new person comes from one of their own.
    TRUST_PROXY: 'true',
    AUTH_SECRET: SESSION_SECRET,
    ...env,
  });
  const log = new EventLog(settings.EVENTSTOREDB_URL);
  const models = openReadModels(settings.MONGODB_URL);
  await setUpReadModels(models);
  settings.AUTH_SECRET = await prepareSessions(models.db, settings);
  const stopProjector = isFirst ? startProjector(log, models) : nothing;
  const logLines: string[] = [];
  const target = { write: (line: string) => logLines.push(line) };
  const logger = createLogger('api', 'info', target);
  const app = await createApp({ settings, log, models, logger });
  await app.listen(0, '127.0.0.1');
  const baseUrl = await app.getUrl();
  const http = supertest(baseUrl);
  if (isFirst) await listsHaveCaughtUp(baseUrl);
  return {
    ...{ baseUrl, http, stores: used, models, log, logLines },
    signUp: (name = 'Ada') => signUp(http, name),
    createKey: (cookie, name = 'Production Key') => createKey(http, cookie, name),
    get: (part) => app.get(part),
    stop: async () => {
      try {
        await app.close();
        await stopProjector();
        await Promise.all([log.close(), models.close()]);
      } finally {
        await release();
      }
    },
  };
}

const nothing = (): Promise<void> => Promise.resolve();

function startProjector(log: EventLog, models: ReadModels): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = runProjector(models, {
    signal,
    source: {
      subscribe: (from, until) => subscribeToEvents(log, { from, batchSize: 500, signal: until }),
      verify: (progress) => log.verify(progress),
    },
  });
  return () => {
    stopping.abort();
    return running;
  };
}

async function signUp(http: TestApp['http'], name: string): Promise<SignedUp> {
  const email = `${name.toLowerCase().replace(/[^a-z]+/g, '.')}-${randomUUID()}@example.com`;
  const password = randomUUID();
  const answer = await http
    .post('/api/auth/sign-up/email')
    .set('x-forwarded-for', `10.${randomBytes(3).join('.')}`)
    .send({ name, email, password })
    .expect(200);
  const cookie = cookieOf(answer);
  const me = await http.get('/v1/me').set('cookie', cookie).expect(200);
  const { account, user } = me.body as { account: { id: string }; user: { id: string } };
  return { cookie, accountId: account.id, userId: user.id, email, password };
}

/** What a browser sends back of the cookies that an answer sets. */
export function cookieOf(answer: supertest.Response): string {
  const cookies = answer.get('Set-Cookie') ?? [];
  return cookies.map((cookie) => cookie.split(';')[0]).join('; ');
}

async function createKey(http: TestApp['http'], cookie: string, name: string): Promise<IssuedKey> {
  const answer = await http.post('/v1/api-keys').set('cookie', cookie).send({ name }).expect(201);
  return answer.body as IssuedKey;
}
