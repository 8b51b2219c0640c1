import { startTestApp } from '../../apps/api/test/harness/app.js';
import type { IssuedKey, SignedUp, TestApp } from '../../apps/api/test/harness/app.js';
import { DescribedApi } from '../support/described.js';
import type { Operation } from '../support/described.js';

interface Route {
  readonly method: string;
  readonly path: string;
  /** What the OpenAPI document says of it; it says nothing of some. */
  readonly operation?: Operation;
  /** The path that is asked for, when it is not one with a key's id in it. */
  readonly address?: string;
}

/** Streams that do not end by themselves. */
const ENDLESS = ['/v1/events'];

const junk: readonly unknown[] = [
  '',
  ' ',
  '\u0000',
  'null',
  '-1',
  '1e309',
  'NaN',
  '../../etc/passwd',
  '%',
  '%2500',
  "' OR 1=1 --",
  '{"$gt":""}',
  '[object Object]',
  '\ud83d\ude00'.repeat(50),
  'x'.repeat(3_000),
  '2026-99-99T99:99:99Z',
  '<script>alert(1)</script>',
  '__proto__',
  '\u202e\u2028',
];
const junkBodies: readonly string[] = [
  '',
  '{',
  'null',
  '[]',
  '"text"',
  '5',
  '{"name":{"$gt":""}}',
  '{"name":["a"],"email":{},"role":5,"token":[],"reason":{},"apiKey":1,"request":"x"}',
  '{"constructor":{"prototype":{"x":1}}}',
  '{"__proto__":{"x":1}}',
  `{"name":"${'x'.repeat(70_000)}"}`,
  '{"name":"a\\u0000b","email":"a@b","role":"root","token":"","reason":"\\u0000"}',
  '{"name":1e999}',
  '{"apiKey":"x","request":[]}',
  '{"apiKey":"x","request":[{"method":"GET","path":"/"}]}',
  '{"apiKey":"x","request":{"method":["GET"],"path":{},"ip":0,"userAgent":[]}}',
  '['.repeat(5_000),
];

let app: TestApp;
let ada: SignedUp;
/** The one that addresses name, and that is revoked on the way. */
let key: IssuedKey;
/** The one that calls. */
let caller: IssuedKey;
let api: DescribedApi;
let routes: readonly Route[];

beforeAll(async () => {
  app = await startTestApp();
  ada = await app.signUp();
  key = await app.createKey(ada.cookie);
  caller = await app.createKey(ada.cookie);
  api = await DescribedApi.read();
  routes = Object.entries(api.document.paths)
    // Signing out would end the session that all others are called with.
    .filter(([path]) => !ENDLESS.includes(path) && !path.startsWith('/api/auth'))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
    );
});
afterAll(() => app.stop());

const faults: string[] = [];

/** A key where only a key is let in, so that all requests come as far as what they say. */
function credentials(operation: Operation | undefined): Record<string, string> {
  const { security = [] } = operation ?? {};
  const onlyKeys = security.length > 0 && security.every((way) => 'bearer' in way);
  return onlyKeys ? { authorization: `Bearer ${caller.apiKey}` } : { cookie: ada.cookie };
}

async function send(
  { method, path, operation, address = path.replace(/\{\w+\}/g, key.apiKeyId) }: Route,
  { query = '', body, headers = {} }: { query?: string; body?: string; headers?: object } = {},
): Promise<number> {
  const response = await fetch(`${app.baseUrl}${address}${query}`, {
    method: method.toUpperCase(),
    headers: {
      ...credentials(operation),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined || method === 'get' ? {} : { body }),
  });
  const text = await response.text();
  const what = `${method} ${address.slice(0, 60)}${query.slice(0, 60)} ${body?.slice(0, 40) ?? ''}`;
  if (operation) {
    const header = (name: string): string | null => response.headers.get(name);
    const difference = api.differenceOf(method, path, { status: response.status, header, text });
    if (difference !== null) faults.push(`${what}: ${difference}`);
  }
  if (response.status >= 500) faults.push(`${what}: ${response.status}`);
  if (response.status >= 400) {
    if (!response.headers.get('content-type')?.includes('application/problem+json')) {
      faults.push(`${what}: ${response.status} is no problem document`);
    }
    if (/\bat .*\.(js|ts):\d+/.test(text)) faults.push(`${what}: shows a stack trace`);
  }
  return response.status;
}

describe('bad input', () => {
  afterEach(() => {
    expect(faults.splice(0)).toEqual([]);
  });

  it('in any parameter is refused and never an error of the server', async () => {
    for (const route of routes) {
      const names = (route.operation?.parameters ?? []).flatMap((one) =>
        one.in === 'query' ? [one.name] : [],
      );
      for (const name of [...names, 'unknown']) {
        for (const value of junk)
          await send(route, { query: `?${name}=${encodeURIComponent(String(value))}` });
      }
      await send(route, { query: '?limit=1&limit=2' });
      await send(route, { query: '?%zz=%zz&=&&&' });
    }
  }, 120_000);

  it('in any address is refused and never an error of the server', async () => {
    for (const route of routes.filter(({ path }) => path.includes('{'))) {
      for (const value of junk) {
        const address = route.path.replace(/\{\w+\}/g, encodeURIComponent(String(value)));
        await send({ ...route, address });
      }
    }
    for (const path of [
      '/%',
      '/v1/api-keys/%zz',
      '/v1/%2e%2e/%2e%2e/etc/passwd',
      `/${'a'.repeat(9_000)}`,
    ]) {
      await send({ method: 'get', path });
    }
  }, 120_000);

  it('in any body is refused and never an error of the server', async () => {
    const writing = routes.filter(({ method }) => method !== 'get');
    const signIn = ['sign-up/email', 'sign-in/email', 'sign-out', 'change-password', 'nothing'].map(
      (name) => ({ method: 'post', path: `/api/auth/${name}` }),
    );
    for (const route of [...writing, ...signIn]) {
      for (const body of junkBodies) {
        await send(route, {
          body,
          headers: { cookie: route.path.endsWith('out') ? '' : ada.cookie },
        });
      }
    }
  }, 120_000);

  it('in any header is refused and never an error of the server', async () => {
    for (const value of [
      '',
      'Bearer',
      'Bearer x',
      'x'.repeat(5_000),
      'Basic =',
      'Bearer axk_\u00ff',
    ]) {
      for (const name of [
        'authorization',
        'cookie',
        'keytrail-account',
        'idempotency-key',
        'last-event-id',
      ]) {
        for (const route of routes) await send(route, { headers: { [name]: value } });
      }
    }
  }, 120_000);
});
