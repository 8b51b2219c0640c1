import { startTestApp } from '../../../../test/support/app.js';
import type { SignedUp, TestApp } from '../../../../test/support/app.js';

let app: TestApp;
let ada: SignedUp;

beforeAll(async () => {
  app = await startTestApp();
  ada = await app.signUp();
});
afterAll(() => app.stop());

/** Sends a text as it is, for bodies that no serializer would make. */
const post = (path: string, body: string) =>
  app.http.post(path).set('cookie', ada.cookie).type('application/json').send(body);

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('a body that is nested deeply', () => {
  it.each([
    ['/v1/api-keys', `{"name":${nested(30_000)}}`],
    ['/v1/api-keys', nested(30_000)],
    ['/v1/api-keys', `${'{"name":'.repeat(6_000)}1${'}'.repeat(6_000)}`],
    ['/v1/verify', `{"request":${nested(30_000)}}`],
    ['/api/auth/sign-in/email', `{"email":${nested(30_000)}}`],
  ])('400 at %s, with a clear text', async (path, body) => {
    const answer = await post(path, body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      code: 'invalid_request',
      errors: [{ field: 'body', message: 'must not be nested deeper than 16 levels' }],
    });
  });

  it('is looked at like any other when it is nested a little', async () => {
    const answer = await post('/v1/api-keys', `{"name":${nested(15)}}`);
    expect((answer.body as { errors: unknown }).errors).toEqual([
      { field: 'name', message: 'must be text' },
    ]);
  });
});
