import { jest } from '@jest/globals';
import { FindCursor, MongoServerError } from 'mongodb';
import { startTestApp } from '../harness/app.js';
import type { SignedUp, TestApp } from '../harness/app.js';

let app: TestApp;
let ada: SignedUp;

beforeAll(async () => {
  app = await startTestApp();
  ada = await app.signUp();
});
afterAll(() => app.stop());
afterEach(() => {
  jest.restoreAllMocks();
});

/** The database ends reads of one model as it does when they take longer than they may. */
function endReadsOf(model: string): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the cursor below
  const { toArray } = FindCursor.prototype;
  jest.spyOn(FindCursor.prototype, 'toArray').mockImplementation(function (this: FindCursor) {
    if (!this.namespace.collection?.startsWith(`${model}_v`)) return toArray.call(this);
    return Promise.reject(new MongoServerError({ message: 'exceeded time limit', code: 50 }));
  });
}

describe('a list that takes the read model too long', () => {
  it.each([
    ['/v1/api-keys?q=x', 'keys'],
    ['/v1/usage?from=2026-01-01T00:00:00Z', 'audit'],
    ['/v1/transactions', 'audit'],
    ['/v1/audit?actor=ada', 'audit'],
    ['/v1/usage/series?bucket=hour', 'usage'],
    ['/v1/members', 'invitations'],
  ])('%s is answered 503 with what to ask for instead', async (path, model) => {
    // A window of time is looked for only where there is something.
    await app.createKey(ada.cookie);
    endReadsOf(model);
    const answer = await app.http.get(path).set('cookie', ada.cookie).expect(503);
    expect(answer.body).toMatchObject({
      code: 'read_too_long',
      detail: expect.stringMatching(/shorter window of time/) as string,
    });
    expect(answer.headers['retry-after']).toBe('30');
  });
});
