import { jest } from '@jest/globals';
import { formatPosition } from '@keytrail/event-store';
import { MemoryFeed } from './memory-feed.js';
import type { Channel } from '../../src/event-feed/channel.js';
import { LiveTail } from '../../src/event-feed/live-tail.js';

const idsIn = (channel: Channel, after = ''): string[] | undefined =>
  channel.take(after, '', { limit: 100, size: Infinity }, () => true)?.items.map(({ id }) => id);

describe('the live tail', () => {
  let log: MemoryFeed;
  let tail: LiveTail;
  beforeEach(() => {
    log = new MemoryFeed();
  });
  afterEach(() => tail.stop());

  it('keeps nothing of those who gave up waiting for a log that hands out nothing', async () => {
    tail = new LiveTail(log, { reachMs: 20 });
    await tail.catchUp();
    log.isSilent = true;
    log.append('acc_a');
    const answers = await Promise.allSettled([tail.catchUp(), tail.catchUp()]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(tail.waiting).toBe(0);
  });

  it('subscribes again after a failure, though not in a hurry, and misses nothing', async () => {
    tail = new LiveTail(log);
    await tail.catchUp();
    const channel = tail.follow('acc_a');
    log.failure = new Error('not today');
    log.append('acc_a');
    while (log.failures.length < 2) await new Promise(setImmediate);
    for (let turn = 0; turn < 20_000; turn += 1) await new Promise(setImmediate);
    expect(log.failures.length).toBeLessThan(20);
    log.failure = null;
    await tail.catchUp();
    expect(idsIn(channel)).toEqual(log.idsOf('acc_a'));
  });

  it('an event that nobody can be shown stops the readers of its own account alone', async () => {
    tail = new LiveTail(log);
    await tail.catchUp();
    const [channel, others] = [tail.follow('acc_a'), tail.follow('acc_b')];
    log.append('acc_a');
    const unreadable = log.append('acc_a');
    Object.assign(unreadable.context, { occurredAt: 'some time ago' });
    log.append('acc_a');
    log.append('acc_b');
    await tail.catchUp();
    expect(log.failures).toEqual([]);
    expect(idsIn(others)).toEqual(log.idsOf('acc_b'));
    // Not skipped: whoever has not come past it is sent to the audit trail, and meets it there.
    expect(idsIn(channel)).toBeUndefined();
    expect(channel.completeSince).toBe(formatPosition(unreadable.position));
    expect(idsIn(channel, channel.completeSince)).toEqual(log.idsOf('acc_a').slice(2));
  });

  it('keeps so much of the newest, however few events that are', async () => {
    tail = new LiveTail(log, { maxKeptSize: 5_000 });
    await tail.catchUp();
    const channel = tail.follow('acc_a');
    for (let event = 0; event < 1_000; event += 1) log.append('acc_a');
    await tail.catchUp();
    const kept = channel.take(
      channel.completeSince,
      '',
      { limit: 1_000, size: Infinity },
      () => true,
    );
    const size = (kept?.items ?? []).reduce((sum, { json }) => sum + json.length, 0);
    expect(size).toBeGreaterThan(0);
    expect(size).toBeLessThanOrEqual(5_000);
    expect(kept?.items.at(-1)?.id).toBe(log.idsOf('acc_a').at(-1));
  });

  it('hands out each event once, although a batch failed half-way', async () => {
    tail = new LiveTail(log);
    await tail.catchUp();
    const channel = tail.follow('acc_a');
    log.append('acc_a');
    const event = log.append('acc_a');
    const { data } = event;
    const reading = jest
      .fn(() => data)
      .mockImplementationOnce(() => {
        throw new Error('not today');
      });
    Object.defineProperty(event, 'data', { get: reading });
    await tail.catchUp();
    expect(log.failures).toHaveLength(1);
    Object.defineProperty(event, 'data', { value: data });
    expect(idsIn(channel)).toEqual(log.idsOf('acc_a'));
  });
});
