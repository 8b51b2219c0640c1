import { EventLogError } from './errors.js';
import type { Appended } from './appender.js';
import type { EventLog } from './event-log.js';
import { ProcessStream } from './process-stream.js';
import type { EventContext } from './recorded-event.js';

interface Append {
  readonly streamName: string;
  readonly ids: readonly string[];
  readonly accounts: readonly unknown[];
  readonly size: number;
  readonly expected: unknown;
}

/** A log that keeps what it was asked to append, and answers as it is told. */
function fakeLog(answers: readonly (() => Promise<Appended>)[] = []) {
  const appends: Append[] = [];
  let revision = -1n;
  const appendEncoded: EventLog['appendEncoded'] = (streamName, events, expected) => {
    const answer = answers[appends.length];
    appends.push({
      streamName,
      ids: events.map(({ data }) => data.id),
      accounts: events.map(({ data }) => (data.data as { accountId: string }).accountId),
      size: events.reduce((sum, { size }) => sum + size, 0),
      expected,
    });
    revision = (expected === 'no_stream' ? -1n : expected) + BigInt(events.length);
    return answer?.() ?? Promise.resolve({ revision, position: { commit: 1n, prepare: 1n } });
  };
  return { appends, log: { appendEncoded } as EventLog };
}

const context: EventContext = {
  requestId: 'req_1',
  causationId: 'req_1',
  actor: { type: 'apiKey', id: 'key_1', label: 'axk_1234' },
  ip: null,
  userAgent: null,
  occurredAt: '2026-01-31T23:59:59.999Z',
};
const use = (path = '/v1/me', occurredAt = context.occurredAt) => ({
  event: {
    type: 'KeyUsed' as const,
    data: { keyId: 'key_1', accountId: 'acc_1', method: 'GET', path },
  },
  context: { ...context, occurredAt },
});

const streamOf = (log: EventLog, deadlineMs = 60_000): ProcessStream<'keyUsage'> =>
  new ProcessStream(log, {
    ...{ family: 'keyUsage', processId: 'p1', deadlineMs },
    ...{ maxBatch: 250, maxWaiting: 2_000 },
  });

describe('the stream of one process', () => {
  it('takes those that come together into one append, each at the revision of the one before', async () => {
    const { log, appends } = fakeLog();
    const stream = streamOf(log);
    await Promise.all([stream.append(use()), stream.append(use())]);
    await stream.append(use());
    expect(appends.map(({ ids, expected }) => [ids.length, expected])).toEqual([
      [2, 'no_stream'],
      [1, 1n],
    ]);
    expect(appends[0]?.streamName).toBe('keyUsage-2026-01-31.p1');
  });

  it('takes accounts in turn, and refuses one of which too many wait', async () => {
    const { log, appends } = fakeLog();
    const stream = new ProcessStream<'keyUsage'>(log, {
      ...{ family: 'keyUsage', processId: 'p1', deadlineMs: 60_000 },
      ...{ maxBatch: 2, maxWaiting: 100, maxWaitingPerGroup: 4 },
    });
    const append = (accountId: string): Promise<Appended> => {
      const { event, ...rest } = use();
      return stream.append({ event: { ...event, data: { ...event.data, accountId } }, ...rest });
    };
    const all = ['acc_1', 'acc_1', 'acc_1', 'acc_1', 'acc_2'].map(append);
    await expect(append('acc_1')).rejects.toMatchObject({ code: 'share_full' });
    await Promise.all(all);
    expect(appends.map(({ accounts }) => accounts)).toEqual([
      ['acc_1', 'acc_2'],
      ['acc_1', 'acc_1'],
      ['acc_1'],
    ]);
  });

  it('begins anew each day', async () => {
    const { log, appends } = fakeLog();
    const stream = streamOf(log);
    await stream.append(use());
    await stream.append(use('/v1/me', '2026-02-01T00:00:00.000Z'));
    expect(appends[1]).toMatchObject({
      streamName: 'keyUsage-2026-02-01.p1',
      expected: 'no_stream',
    });
  });

  it('refuses an event at fault alone, and records those that came with it', async () => {
    const { log, appends } = fakeLog();
    const stream = streamOf(log);
    const key = `axk_${'a'.repeat(42)}`;
    const outcomes = await Promise.allSettled([
      stream.append(use()),
      stream.append(use(`/orders/${key}`)),
      stream.append(use()),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { code: 'unwritable_event' } });
    expect(appends.map(({ ids }) => ids.length)).toEqual([2]);
  });

  it('never asks for more in one append than the log takes, whatever is in the events', async () => {
    const { log, appends } = fakeLog();
    const stream = streamOf(log);
    const path = `/${'\u0001'.repeat(1_023)}`;
    await Promise.all(Array.from({ length: 250 }, () => stream.append(use(path))));
    expect(appends.length).toBeGreaterThan(1);
    expect(Math.max(...appends.map(({ size }) => size))).toBeLessThan(1_024 * 1_024);
    expect(new Set(appends.flatMap(({ ids }) => ids)).size).toBe(250);
  });

  it('leaves a stream that somebody else has written to, with the same events', async () => {
    const { log, appends } = fakeLog([
      () => Promise.reject(new EventLogError('wrong_expected_revision', 'Somebody else')),
    ]);
    await streamOf(log).append(use());
    expect(appends[1]).toMatchObject({
      streamName: 'keyUsage-2026-01-31.p1-1',
      expected: 'no_stream',
      ids: appends[0]?.ids,
    });
  });

  it('refuses all while the outcome of an append is unknown, and goes on once it is known', async () => {
    let answer: (appended: Appended) => void = () => undefined;
    const silence = new Promise<Appended>((resolve) => (answer = resolve));
    const { log, appends } = fakeLog([() => silence]);
    const stream = streamOf(log, 5);
    const refused = { code: 'event_log_unavailable' };
    await expect(stream.append(use())).rejects.toMatchObject(refused);
    await expect(stream.append(use())).rejects.toMatchObject(refused);
    expect(appends).toHaveLength(1);
    answer({ revision: 0n, position: { commit: 1n, prepare: 1n } });
    await new Promise(setImmediate);
    await stream.append(use());
    expect(appends[1]).toMatchObject({ expected: 0n });
  });
});
