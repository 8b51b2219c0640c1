import { jest } from '@jest/globals';
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
async function endReadsOf(model: string): Promise<void> {
  const refused: unknown = await app.models.db
    .command({ unknown: 1 })
    .catch((error: unknown) => error);
  const error = Object.assign(refused as Error, { code: 50 });
  const collectionOf = app.models.registry.collectionOf.bind(app.models.registry);
  jest.spyOn(app.models.registry, 'collectionOf').mockImplementation((entry, side) => {
    const collection = collectionOf(entry, side);
    if (entry.model !== model) return collection;
    const find = collection.find.bind(collection) as () => object;
    const ended = { toArray: () => Promise.reject(error) };
    return Object.assign(collection, { find: () => Object.assign(find(), ended) });
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
    await endReadsOf(model);
    const answer = await app.http.get(path).set('cookie', ada.cookie).expect(503);
    expect(answer.body).toMatchObject({
      code: 'read_too_long',
      detail: expect.stringMatching(/shorter window of time/) as string,
    });
    expect(answer.headers['retry-after']).toBe('30');
  });
});
