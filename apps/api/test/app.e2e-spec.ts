import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { startTestApp } from './harness/app.js';
import type { TestApp } from './harness/app.js';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { security?: unknown[] }>>>>;
}

const OPEN_TO_ALL = [
  'get /api/auth/get-session',
  'get /healthz/live',
  'get /healthz/ready',
  'get /metrics',
  'get /v1/session',
  'post /api/auth/sign-in/email',
  'post /api/auth/sign-out',
  'post /api/auth/sign-up/email',
  'post /v1/invitations/lookup',
];

async function document(): Promise<Document> {
  return (await app.http.get('/openapi.json').expect(200)).body as Document;
}

describe('the application', () => {
  it('serves the OpenAPI document that is kept in the repository', async () => {
    const kept = JSON.parse(await readFile('openapi.json', 'utf8')) as unknown;
    // When this fails: `npm run openapi`.
    expect(await document()).toEqual(kept);
  });

  it('lets nobody in without credentials, except where it is meant to', async () => {
    const { paths } = await document();
    const open: string[] = [];
    for (const [path, methods] of Object.entries(paths)) {
      for (const method of Object.keys(methods)) {
        const answer = await app.http[method as 'get'](path.replace(/\{\w+\}/g, 'x')).send(
          method === 'get' ? undefined : {},
        );
        if (answer.status !== 401) open.push(`${method} ${path}`);
      }
    }
    expect(open.sort()).toEqual(OPEN_TO_ALL);
  });

  it('stops although a connection is open on which nothing was ever sent', async () => {
    const stopped = await startTestApp({ stores: app.stores });
    const silent = connect(Number(new URL(stopped.baseUrl).port), '127.0.0.1');
    await once(silent, 'connect');
    silent.on('error', () => undefined);
    await stopped.http.get('/healthz/live').expect(200);
    const ended = once(silent, 'close');
    await Promise.all([stopped.stop(), ended]);
  });

  it('names the credentials of every closed route in the document', async () => {
    const { paths } = await document();
    const undocumented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { security }]) =>
        security ? [] : [`${method} ${path}`],
      ),
    );
    expect(undocumented.sort()).toEqual(OPEN_TO_ALL);
  });
});
