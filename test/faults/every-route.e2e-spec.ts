import { nodeFlags } from '@keytrail/platform';
import { readFileSync } from 'node:fs';
import supertest from 'supertest';
import { SESSION_SECRET, startTestApp } from '../../apps/api/test/harness/app.js';
import type { TestApp } from '../../apps/api/test/harness/app.js';
import { freePort } from '../support/net/free-port.js';
import { invite, join } from '../../apps/api/test/harness/people.js';
import { AuthenticationOnly } from './authentication-only.js';
import { BlackHole } from './black-hole.js';
import { callsByRoute } from './calls.js';
import type { Call, Lost, Stage } from './calls.js';
import { Part } from './part.js';

/** How long a caller waits: as long as the SDK does. */
const PATIENCE_MS = 30_000;
/** Accounts for dozens of calls, and then the longest of these. */
const STAGE_MS = 180_000;
/** Answers in a form of its own, made for load balancers. */
const READY = 'GET /healthz/ready';

interface Wires {
  readonly log: BlackHole;
  readonly documents: BlackHole;
  /** Beyond the wire above. */
  readonly handlers: AuthenticationOnly;
}

interface Fault {
  readonly what: string;
  readonly lost: Lost;
  readonly begin: (wires: Wires) => void | Promise<void>;
}

const faults: Fault[] = [
  {
    what: 'the event log cannot be reached',
    lost: 'event log',
    begin: ({ log }) => log.close(),
  },
  {
    what: 'the event log is silent',
    lost: 'event log',
    begin: ({ log }) => {
      log.swallow();
    },
  },
  {
    what: 'the document store cannot be reached',
    lost: 'documents',
    begin: ({ documents }) => documents.close(),
  },
  {
    what: 'the document store is silent',
    lost: 'documents',
    begin: ({ documents }) => {
      documents.swallow();
    },
  },
  {
    what: 'the document store is silent once the caller is authenticated',
    lost: 'documents past authentication',
    begin: ({ handlers }) => {
      handlers.swallow();
    },
  },
];

/** Whoever waits for the look-up of a key is told that its use could not be recorded in time. */
const codes: Readonly<Record<Lost, RegExp>> = {
  // What is asked of one account takes turns, and all of it is asked for at once.
  'event log': /^(event_log_unavailable|overloaded)$/,
  documents: /^(read_model_unavailable|event_log_unavailable|overloaded)$/,
  // What needs nothing that is lost may still wait for a connection that others hold.
  'documents past authentication':
    /^(read_model_unavailable|read_model_behind|event_log_unavailable|overloaded)$/,
};

const calls = Object.entries(callsByRoute).flatMap(([route, ofRoute]) =>
  ofRoute.map((call) => ({ route, call, name: nameOf(route, call) })),
);

let app: TestApp;
let shared: Stage;
beforeAll(async () => {
  app = await startTestApp();
  shared = await setStage(app);
});
afterAll(() => app.stop());

it('every route of the OpenAPI document is called, but those of the sign-in', () => {
  const { paths } = JSON.parse(readFileSync('openapi.json', 'utf8')) as {
    readonly paths: Readonly<Record<string, object>>;
  };
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const own = routes.filter((route) => !route.includes(' /api/auth/'));
  expect(Object.keys(callsByRoute).sort()).toEqual(own.sort());
});

describe.each(faults)('while $what', ({ lost, begin }) => {
  let wires: Wires;
  let cut: Part;
  let answers: ReadonlyMap<Call, Answer | null>;

  // All are called at once, as in an outage, so that the deadlines pass only once.
  beforeAll(async () => {
    wires = await wiresBefore(app);
    const port = await freePort();
    cut = new Part('api', 'apps/api/dist/main.js', environment(app, wires, port), {
      execArgv: nodeFlags.api,
    });
    await cut.start();
    const http = supertest(`http://127.0.0.1:${port}`);
    const stages = new Map<Call, Stage>();
    for (const { call } of calls) {
      const isRecorded = lost === 'documents past authentication';
      stages.set(call, isRecorded && call.changesAccount ? await setStage(app) : shared);
    }
    // From here on both connections are open.
    await http.get('/v1/api-keys').set('authorization', bearer(shared)).expect(200);
    await begin(wires);
    const asked = [...stages].map(
      async ([call, stage]) => [call, await ask(http, call, stage)] as const,
    );
    answers = new Map(await Promise.all(asked));
  }, STAGE_MS);

  afterAll(async () => {
    await cut.stop();
    await Promise.all([wires.log.close(), wires.handlers.close(), wires.documents.close()]);
  });

  it.each(calls)('$name', ({ route, call }) => {
    const answer = answers.get(call);
    if (call.answersWithout?.includes(lost) && answer?.status !== 503) {
      expect([200, 201]).toContain(answer?.status);
    } else if (route === READY) {
      expect(answer).toMatchObject({ status: 503, body: { status: 'unavailable' } });
    } else {
      expect(answer).toEqual({
        status: 503,
        type: 'application/problem+json; charset=utf-8',
        retryAfter: expect.stringMatching(/^\d+$/) as string,
        body: expect.objectContaining({
          status: 503,
          code: expect.stringMatching(codes[lost]) as string,
        }) as object,
      });
    }
  });

  it('nothing fails in a way that nobody expected', () => {
    expect(cut.failures).toEqual([]);
  });
});

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly retryAfter: string | undefined;
  readonly body: unknown;
}

/** `null` when there is no answer in time. */
async function ask(http: TestApp['http'], call: Call, stage: Stage): Promise<Answer | null> {
  const [method = '', path = ''] = routeOf(call).split(' ');
  const address = path.replace(/\{\w+\}/, call.id?.(stage) ?? '') + (call.query ?? '');
  try {
    const answer = await http[method.toLowerCase() as 'get'](address)
      .set({ ...credentials(call, stage), ...call.headers })
      .timeout(PATIENCE_MS)
      .send(call.body?.(stage));
    return {
      status: answer.status,
      type: answer.get('content-type'),
      retryAfter: answer.get('retry-after'),
      body: answer.body as unknown,
    };
  } catch {
    return null;
  }
}

const routeOf = (call: Call): string => calls.find((one) => one.call === call)?.route ?? '';

const bearer = ({ key }: Stage): string => `Bearer ${key.apiKey}`;

function credentials({ as }: Call, stage: Stage): Record<string, string> {
  switch (as) {
    case 'owner':
      return { cookie: stage.owner.cookie };
    case 'guest':
      return { cookie: stage.guest.cookie };
    case 'key':
      return { authorization: bearer(stage) };
    case 'nobody':
      return {};
  }
}

function nameOf(route: string, { as, headers }: Call): string {
  return `${route} as ${as}${headers?.['accept'] ? ', as a stream' : ''}`;
}

async function setStage(on: TestApp): Promise<Stage> {
  const owner = await on.signUp('Ada');
  const member = await on.signUp('Ben');
  const guest = await on.signUp('Cyd');
  await join(on, owner, member);
  const invited = await invite(on, owner, guest.email);
  const key = await on.createKey(owner.cookie, 'In use');
  const spare = await on.createKey(owner.cookie, 'To be revoked');
  return { owner, member, guest, invited, key, spare };
}

async function wiresBefore({ stores }: TestApp): Promise<Wires> {
  const log = await BlackHole.before(portOf(stores.eventStoreUrl));
  const documents = await BlackHole.before(portOf(stores.mongoUrl));
  const handlers = await AuthenticationOnly.before(documents.port);
  return { log, documents, handlers };
}

const environment = ({ stores }: TestApp, { log, handlers }: Wires, port: number) => ({
  EVENTSTOREDB_URL: through(stores.eventStoreUrl, log.port),
  MONGODB_URL: through(stores.mongoUrl, handlers.port),
  PORT: String(port),
  AUTH_SECRET: SESSION_SECRET,
});

/** The host and port in an address, after the user and password that may stand there. */
const AUTHORITY = /(?<=:\/\/(?:[^@/?]*@)?)[^@/?]+(?=[/?]|$)/;

function portOf(url: string): number {
  return Number(/\d+$/.exec(AUTHORITY.exec(url)?.[0] ?? '')?.[0]);
}

function through(url: string, port: number): string {
  return url.replace(AUTHORITY, `127.0.0.1:${port}`);
}
