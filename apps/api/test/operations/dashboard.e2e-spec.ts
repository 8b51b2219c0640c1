import { readFile } from 'node:fs/promises';
import { startTestApp } from '../harness/app.js';
import type { TestApp } from '../harness/app.js';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const visit = (path: string) => app.http.get(path).set('accept', BROWSER);

const notThere = ['/health', '/v2/x', '/V1/me', '/.env', '/usage/nope', '/audit/keys', '/%2e%2e/x'];
const ofTheApi = ['/v1', '/v1/nope', '/api/nope', '/healthz', '/metrics/x', '/assets/nope.js'];

describe('the pages', () => {
  it('200: are served at every address that the dashboard has', async () => {
    const router = await readFile('apps/dashboard/src/app/router.tsx', 'utf8');
    const paths = [...router.matchAll(/path: '([^']+)'/g)].map(([, path = '']) => path);
    expect(paths.length).toBeGreaterThan(10);
    for (const path of paths) {
      const answer = await visit(path.replace('$apiKeyId', 'key_0000000000000000000000'));
      expect([path, answer.status, answer.type]).toEqual([path, 200, 'text/html']);
    }
  });

  it('200: whatever is asked for beside the address', async () => {
    expect((await visit('/usage/?account=acc_1')).status).toBe(200);
  });

  it.each(notThere)('404: a person gets a page at %s', async (path) => {
    const answer = await visit(path);
    expect([answer.status, answer.type]).toEqual([404, 'text/html']);
  });

  it.each([...notThere, '//v1/me', ...ofTheApi])(
    '404: a program gets a problem document at %s',
    async (path) => {
      const answer = await fetch(app.baseUrl + path);
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(await answer.json()).toMatchObject({ code: 'not_found' });
    },
  );

  it.each(ofTheApi)('404: a person too gets a problem document at %s', async (path) => {
    const answer = await visit(path);
    expect([answer.status, answer.type]).toEqual([404, 'application/problem+json']);
  });
});
