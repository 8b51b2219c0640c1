import { jest } from '@jest/globals';
import { FeedHub } from './feed-hub.js';
import type { FeedListener, FeedNews } from './feed-hub.js';

/** The accounts whose streams are open, in the order in which they were asked for. */
const open: string[] = [];

function serve(_address: unknown, { headers, signal }: RequestInit = {}): Promise<Response> {
  const account = new Headers(headers).get('keytrail-account') ?? '';
  open.push(account);
  const body = new ReadableStream({
    start: (controller) => {
      signal?.addEventListener('abort', () => {
        open.splice(open.indexOf(account), 1);
        controller.error(signal.reason);
      });
    },
  });
  const type = { 'content-type': 'text/event-stream' };
  return Promise.resolve(new Response(body, { headers: type }));
}

/** A listener, and how it is told for the first time that a feed is in a state. */
function listener(): {
  readonly hear: FeedListener;
  readonly isIn: (state: string) => Promise<void>;
} {
  const heard: FeedNews[] = [];
  let wake = (): void => undefined;
  return {
    hear: (news) => {
      heard.push(news);
      wake();
    },
    isIn: async (state) => {
      while (!heard.some((news) => news.kind === 'state' && news.state === state))
        await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

beforeEach(() => {
  open.length = 0;
  jest.spyOn(globalThis, 'fetch').mockImplementation(serve);
  Object.defineProperty(globalThis, 'location', {
    value: { origin: 'http://keytrail.test' },
    configurable: true,
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe('the feeds of all pages', () => {
  it('are one stream for each account, from the first who joins until the last has left', async () => {
    const hub = new FeedHub();
    const [one, other] = [listener(), listener()];
    const leaveOne = hub.join('acc_a', one.hear);
    const leaveOther = hub.join('acc_a', other.hear);
    await Promise.all([one.isIn('live'), other.isIn('live')]);
    expect(open).toEqual(['acc_a']);
    leaveOne();
    expect(open).toEqual(['acc_a']);
    leaveOther();
    expect(open).toEqual([]);
  });

  it('are two streams at most: who comes later polls, and is followed when another has left', async () => {
    const hub = new FeedHub();
    const [first, second, third] = [listener(), listener(), listener()];
    const leaves = [hub.join('acc_a', first.hear), hub.join('acc_b', second.hear)];
    leaves.push(hub.join('acc_c', third.hear));
    await Promise.all([first.isIn('live'), second.isIn('live'), third.isIn('lost')]);
    expect(open).toEqual(['acc_a', 'acc_b']);
    leaves[0]?.();
    await third.isIn('live');
    expect(open).toEqual(['acc_b', 'acc_c']);
    for (const leave of leaves.slice(1)) leave();
    expect(open).toEqual([]);
  });
});
