import { jest } from '@jest/globals';
import { EventLogError } from '@keytrail/event-store';
import { startTestApp } from '../harness/app.js';
import type { TestApp } from '../harness/app.js';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());
afterEach(() => {
  jest.restoreAllMocks();
});

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly count?: number;
  readonly requestId?: string;
  readonly err?: { readonly stack?: string };
}

const failures = (from: number): Line[] =>
  app.logLines
    .slice(from)
    .map((line) => JSON.parse(line) as Line)
    .filter(({ msg }) => msg === 'request failed');

describe('the log of requests that fail', () => {
  it('has one line with a stack for a hundred that fail for the same cause at once', async () => {
    const { cookie } = await app.signUp();
    const silent = new EventLogError('event_log_unavailable', 'no answer');
    jest.spyOn(app.log, 'head').mockRejectedValue(silent);
    const from = app.logLines.length;
    const ask = (): PromiseLike<unknown> =>
      app.http.get('/v1/api-keys').set('cookie', cookie).expect(503);
    for (let round = 0; round < 10; round += 1) await Promise.all(Array.from({ length: 10 }, ask));
    const [first, ...later] = failures(from);
    expect(first).toMatchObject({ level: 40, count: 1 });
    expect(first?.err?.stack).toContain('no answer');
    // On a slow machine an interval ends meanwhile, and one more line tells how many it were.
    expect(later.length).toBeLessThan(10);
    expect(later.filter(({ err }) => err !== undefined)).toEqual([]);
  });

  it('has a line with its request id for each error that nobody expected', async () => {
    const { cookie } = await app.signUp();
    jest.spyOn(app.log, 'head').mockRejectedValue(new Error('a fault of the program'));
    const from = app.logLines.length;
    const ids = [];
    for (let round = 0; round < 3; round += 1) {
      const answer = await app.http.get('/v1/api-keys').set('cookie', cookie).expect(500);
      ids.push((answer.body as { requestId: string }).requestId);
    }
    // The warning of an interval that began before may come in between.
    const lines = failures(from).filter(({ level }) => level === 50);
    expect(lines.map(({ requestId }) => requestId)).toEqual(ids);
    expect(lines.every(({ err }) => err?.stack !== undefined)).toBe(true);
  });
});
