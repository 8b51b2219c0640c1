import { jest } from '@jest/globals';
import { EventLogError } from '@keytrail/event-store';
import { generateKey } from '@keytrail/domain';
import type { Test } from 'supertest';
import { startTestApp } from '../harness/app.js';
import type { IssuedKey, SignedUp, TestApp } from '../harness/app.js';
import { DescribedApi } from '../../../../test/support/described.js';
import { expiredInvitation, invite, join, someAddress } from '../harness/people.js';

let app: TestApp;
let api: DescribedApi;
let ada: SignedUp;
let ben: SignedUp;
let key: IssuedKey;
let revoked: IssuedKey;

beforeAll(async () => {
  api = await DescribedApi.read();
  app = await startTestApp();
  [ada, ben] = [await app.signUp('Ada'), await app.signUp('Ben')];
  await join(app, ada, ben);
  [key, revoked] = [await app.createKey(ada.cookie), await app.createKey(ada.cookie)];
  await app.http.delete(`/v1/api-keys/${revoked.apiKeyId}`).set('cookie', ada.cookie).expect(200);
});
afterAll(() => app.stop());

type Method = 'get' | 'post' | 'patch' | 'delete';

const call = (method: Method, path: string, cookie?: string): Test => {
  const request = app.http[method](path);
  return cookie === undefined ? request : request.set('cookie', cookie);
};
const bearer = (authorization: string, method: Method = 'get', path = '/v1/me'): Test =>
  app.http[method](path).set('authorization', authorization);
const ofAda = () => ({ email: ada.email, password: ada.password });
const credentials = (password: string) => ({ name: 'Eve', email: someAddress(), password });
const accept = (cookie: string, token: string): Test =>
  call('post', '/v1/invitations/accept', cookie).send({ token });

async function whileTheLogIsDown(request: () => Test): Promise<Awaited<Test>> {
  const down = new EventLogError('event_log_unavailable', 'down');
  const append = jest.spyOn(app.log, 'appendEncoded').mockRejectedValue(down);
  const answer = await request();
  append.mockRestore();
  return answer;
}

describe('an answer is as the document describes it', () => {
  const cases: [code: string, operation: string, request: () => PromiseLike<Awaited<Test>>][] = [
    ['400 invalid_request', 'get /v1/usage', () => call('get', '/v1/usage?limit=0', ada.cookie)],
    ['401 missing_credentials', 'get /v1/me', () => call('get', '/v1/me')],
    ['401 malformed_authorization', 'get /v1/me', () => bearer('Basic YTpi')],
    ['401 malformed_key', 'get /v1/me', () => bearer('Bearer axk_x')],
    ['401 unknown_key', 'get /v1/me', () => bearer(`Bearer ${generateKey('axk')}`)],
    ['401 revoked_key', 'get /v1/me', () => bearer(`Bearer ${revoked.apiKey}`)],
    [
      '401 wrong_account',
      'get /v1/me',
      () => bearer(`Bearer ${key.apiKey}`).set('keytrail-account', ben.accountId),
    ],
    ['401 missing_credentials', 'get /v1/forward-auth', () => call('get', '/v1/forward-auth')],
    [
      '403 session_required',
      'post /v1/api-keys',
      () => bearer(`Bearer ${key.apiKey}`, 'post', '/v1/api-keys').send({ name: 'Key' }),
    ],
    [
      '403 session_required',
      'get /v1/accounts',
      () => bearer(`Bearer ${key.apiKey}`, 'get', '/v1/accounts'),
    ],
    [
      '403 insufficient_role',
      'delete /v1/api-keys/{id}',
      () => call('delete', `/v1/api-keys/${key.apiKeyId}`, ben.cookie),
    ],
    ['403 key_required', 'post /v1/verify', () => call('post', '/v1/verify', ada.cookie).send({})],
    [
      '403 foreign_origin',
      'post /v1/api-keys',
      () => call('post', '/v1/api-keys', ada.cookie).set('origin', 'https://evil.example'),
    ],
    ['404 not_found', 'get /v1/api-keys/{id}', () => call('get', '/v1/api-keys/key_x', ada.cookie)],
    [
      '404 not_found',
      'patch /v1/members/{userId}',
      () => call('patch', '/v1/members/x', ada.cookie).send({ role: 'owner' }),
    ],
    [
      '409 last_owner',
      'delete /v1/members/{userId}',
      () => call('delete', `/v1/members/${ada.userId}`, ada.cookie),
    ],
    [
      '409 key_already_created',
      'post /v1/api-keys',
      async () => {
        const create = (): Test =>
          call('post', '/v1/api-keys', ada.cookie)
            .set('idempotency-key', 'once')
            .send({ name: 'Once' });
        await create().expect(201);
        return create();
      },
    ],
    [
      '403 invitation_for_another',
      'post /v1/invitations/accept',
      async () => accept(ben.cookie, (await invite(app, ada, someAddress())).token),
    ],
    [
      '410 invitation_expired',
      'post /v1/invitations/lookup',
      async () => {
        const { token } = await expiredInvitation(app, ada, someAddress());
        return call('post', '/v1/invitations/lookup').send({ token });
      },
    ],
    [
      '503 event_log_unavailable',
      'post /v1/api-keys',
      () =>
        whileTheLogIsDown(() => call('post', '/v1/api-keys', ada.cookie).send({ name: 'None' })),
    ],
    [
      '200',
      'post /v1/verify',
      () =>
        bearer(`Bearer ${key.apiKey}`, 'post', '/v1/verify').send({
          apiKey: key.apiKey,
          request: { method: 'GET', path: '/orders' },
        }),
    ],
    ['200', 'get /v1/audit', () => call('get', '/v1/audit', ada.cookie)],
    ['200', 'get /healthz/live', () => call('get', '/healthz/live')],
    ['200', 'get /healthz/ready', () => call('get', '/healthz/ready')],
    [
      '200',
      'post /api/auth/sign-up/email',
      () => call('post', '/api/auth/sign-up/email').send(credentials('long enough')),
    ],
    [
      '400 password_too_short',
      'post /api/auth/sign-up/email',
      () => call('post', '/api/auth/sign-up/email').send(credentials('short')),
    ],
    [
      '422 user_already_exists_use_another_email',
      'post /api/auth/sign-up/email',
      () =>
        call('post', '/api/auth/sign-up/email').send({
          ...credentials('long enough'),
          email: ada.email,
        }),
    ],
    [
      '503 event_log_unavailable',
      'post /api/auth/sign-in/email',
      () => whileTheLogIsDown(() => call('post', '/api/auth/sign-in/email').send(ofAda())),
    ],
    [
      '400 validation_error',
      'post /api/auth/sign-in/email',
      () => call('post', '/api/auth/sign-in/email').send({ email: ada.email }),
    ],
    [
      '200',
      'post /api/auth/sign-in/email',
      () => call('post', '/api/auth/sign-in/email').send(ofAda()),
    ],
    ['200', 'get /api/auth/get-session', () => call('get', '/api/auth/get-session', ada.cookie)],
    ['200', 'get /api/auth/get-session', () => call('get', '/api/auth/get-session')],
    [
      '429 rate_limited',
      'post /api/auth/sign-in/email',
      async () => {
        for (;;) {
          const answer = await call('post', '/api/auth/sign-in/email')
            .set('x-forwarded-for', '192.0.2.99')
            .send({ email: ada.email, password: 'wrong password' });
          if (answer.status !== 401) return answer;
          expectAsDescribed('post /api/auth/sign-in/email', answer);
        }
      },
    ],
    ['200', 'post /api/auth/sign-out', () => call('post', '/api/auth/sign-out').send({})],
  ];

  it.each(cases)('%s of %s', async (expected, operation, request) => {
    const answer = await request();
    const { code } = (answer.body ?? {}) as { code?: string | null };
    expect(code ? `${answer.status} ${code}` : String(answer.status)).toBe(expected);
    expectAsDescribed(operation, answer);
  });

  function expectAsDescribed(operation: string, { status, headers, text }: Awaited<Test>): void {
    const [method = '', path = ''] = operation.split(' ');
    const header = (name: string): string | undefined =>
      [headers[name.toLowerCase()] as string | string[] | undefined].flat().join() || undefined;
    expect(api.differenceOf(method, path, { status, header, text })).toBeNull();
  }
});
