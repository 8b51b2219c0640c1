import { MemoryFeed } from '../../../../test/feed/memory-feed.js';
import { LiveTail } from './live-tail.js';

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
});
