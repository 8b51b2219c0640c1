import { FeedReader } from '../../src/event-feed/feed-reader.js';
import type { Subscription } from '../../src/event-feed/feed-reader.js';
import { LiveTail } from '../../src/event-feed/live-tail.js';
import { MemoryFeed } from './memory-feed.js';

const ACCOUNT = 'acc_a';

const upTo = (limit: number) => ({ limit, size: Infinity });

describe('a reader that loses the right to read', () => {
  let feed: MemoryFeed;
  let tail: LiveTail;
  beforeEach(async () => {
    feed = new MemoryFeed();
    tail = new LiveTail(feed);
    feed.append(ACCOUNT);
    await tail.catchUp();
  });
  afterEach(() => tail.stop());

  const reader = (subscription: Partial<Subscription> = {}): FeedReader =>
    new FeedReader(tail, feed, {
      accountId: ACCOUNT,
      after: tail.newest,
      signal: new AbortController().signal,
      isLast: ({ logType }) => logType === 'KeyRevoked',
      ...subscription,
    });

  const append = async (...types: string[]): Promise<void> => {
    for (const type of types) feed.append(ACCOUNT, type);
    await tail.catchUp();
  };

  it('gets the event that takes it away, and nothing that follows in the same moment', async () => {
    const following = reader();
    await append('KeyUsed', 'KeyRevoked', 'KeyUsed', 'KeyUsed');
    const items = await following.next(upTo(10), 0);
    expect(items.map(({ logType }) => logType)).toEqual(['KeyUsed', 'KeyRevoked']);
    expect(following.isOver).toBe(true);
    expect(await following.next(upTo(10), 60_000)).toEqual([]);
    following.close();
  });

  it('gets nothing more through a filter that leaves that event out, and does not wait', async () => {
    const following = reader({ logTypes: new Set(['KeyUsed']) });
    const next = following.next(upTo(10), 60_000, () => true);
    await append('KeyRevoked', 'KeyUsed');
    expect(await next).toEqual([]);
    expect(following.isOver).toBe(true);
    following.close();
  });

  it('that is behind is to be asked about before it gets more', async () => {
    await append('KeyUsed', 'KeyUsed');
    const behind = reader({ after: '' });
    expect(await behind.next(upTo(2), 0)).toHaveLength(2);
    expect(behind.isDoubtful).toBe(true);
    await append('KeyUsed');
    await behind.next(upTo(10), 0);
    await append('KeyUsed');
    expect(await behind.next(upTo(10), 0)).toHaveLength(1);
    expect(behind.isDoubtful).toBe(false);
    behind.close();
  });
});
