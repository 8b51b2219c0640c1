import { FeedReader } from '../../src/event-feed/feed-reader.js';
import { parseFrom } from '../../src/events/feed-position.js';
import { LiveTail } from '../../src/event-feed/live-tail.js';
import { MemoryFeed } from './memory-feed.js';

const EVENTS = 120_000;
const ACCOUNTS = ['acc_a', 'acc_b', 'acc_c'];

/** Numbers from 0 to 1 that are the same in each run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('resuming the feed', () => {
  let feed: MemoryFeed;
  let tail: LiveTail;
  beforeEach(() => {
    feed = new MemoryFeed();
    // So little is kept that readers fall out of memory all the time.
    tail = new LiveTail(feed, { maxKept: 400, lingerMs: 5 });
  });
  afterEach(() => tail.stop());

  const resume = async (accountId: string, id: string, signal: AbortSignal) => {
    await tail.catchUp();
    return new FeedReader(tail, feed, { accountId, after: parseFrom(id, 'from'), signal });
  };

  /** Follows an account with a disconnect every now and then, until it has its share of all events. */
  async function followWithDisconnects(accountId: string, until: () => boolean): Promise<string[]> {
    const random = randomNumbers(accountId.charCodeAt(4));
    const received: string[] = [];
    let last = 'start';
    while (!until() || received.length < feed.idsOf(accountId).length) {
      const connection = new AbortController();
      const reader = await resume(accountId, last, connection.signal);
      const batches = Math.ceil(random() * 40);
      for (let batch = 0; batch < batches; batch += 1) {
        const [limit, size] = [Math.ceil(random() * 200), Math.ceil(random() * 60_000)];
        const items = await reader.next({ limit, size }, 20);
        expect(items.length).toBeLessThanOrEqual(limit);
        const sizes = items.slice(0, -1).map(({ json }) => json.length);
        expect(sizes.reduce((sum, each) => sum + each, 0)).toBeLessThan(size);
        // Of what was under way when the connection broke, only a part was received.
        const isCut = batch === batches - 1;
        const arrived = isCut ? items.slice(0, Math.floor(random() * items.length)) : items;
        received.push(...arrived.map(({ id }) => id));
        last = received.at(-1) ?? 'start';
      }
      connection.abort();
      reader.close();
      if (received.length > EVENTS) break;
      // Away for long enough, now and then, for memory to have forgotten what comes next.
      for (let turn = random() * 30; turn > 0; turn -= 1) await new Promise(setImmediate);
    }
    return received;
  }

  it(`over ${EVENTS} events and random disconnects has no gap and no repeat`, async () => {
    const random = randomNumbers(7);
    const writing = (async () => {
      for (let written = 0; written < EVENTS; written += 1) {
        feed.append(ACCOUNTS[Math.floor(random() * ACCOUNTS.length)] ?? 'acc_a');
        if (written % 100 === 0) await new Promise(setImmediate);
      }
    })();
    let isWritten = false;
    void writing.then(() => (isWritten = true));
    const followers = ACCOUNTS.map((account) => followWithDisconnects(account, () => isWritten));
    const received = await Promise.all(followers);
    expect(feed.pastReads).toBeGreaterThan(100);
    ACCOUNTS.forEach((account, index) => {
      expect(received[index]?.length).toBe(feed.idsOf(account).length);
      expect(received[index]).toEqual(feed.idsOf(account));
    });
  }, 60_000);

  it('after each position of a history hands out exactly the rest', async () => {
    for (let written = 0; written < 900; written += 1) feed.append(written % 3 ? 'acc_a' : 'acc_b');
    await tail.catchUp();
    for (let written = 0; written < 600; written += 1) feed.append(written % 2 ? 'acc_a' : 'acc_c');
    const all = feed.idsOf('acc_a');
    const { signal } = new AbortController();
    for (const [index, id] of all.entries()) {
      const reader = await resume('acc_a', id, signal);
      const rest: string[] = [];
      while (rest.length < all.length - index - 1) {
        rest.push(
          ...(await reader.next({ limit: 1_000, size: Infinity }, 1_000)).map((item) => item.id),
        );
      }
      expect(rest).toEqual(all.slice(index + 1));
      reader.close();
    }
  });
});
