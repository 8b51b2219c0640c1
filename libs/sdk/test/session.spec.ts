import { sessionEvents } from '../src/index.js';
import type { SessionOptions } from '../src/index.js';

interface Sent {
  readonly url: string;
  readonly credentials: RequestInit['credentials'];
  readonly headers: Headers;
}

/** The first request of a feed, which is answered with one event. */
async function firstRequest(session: Omit<SessionOptions, 'baseUrl'>): Promise<Sent> {
  const sent: Sent[] = [];
  const feed = sessionEvents({
    baseUrl: 'https://keys.example.com',
    ...session,
    fetch: (url, { credentials, headers }) => {
      sent.push({ url, credentials, headers: new Headers(headers) });
      return Promise.resolve(
        new Response('id: 10\ndata: {"id":"e10"}\n\n', {
          headers: { 'content-type': 'text/event-stream' },
        }),
      );
    },
  });
  for await (const { position } of feed) {
    expect(position).toBe('10');
    break;
  }
  const [first] = sent;
  if (!first) throw new Error('nothing was sent');
  return first;
}

describe('the feed of a session', () => {
  it('is asked for with the cookie of its own origin and no key', async () => {
    const { url, credentials, headers } = await firstRequest({});
    expect(url).toBe('https://keys.example.com/v1/events?from=now');
    expect(credentials).toBe('same-origin');
    expect(headers.has('authorization')).toBe(false);
    expect(headers.has('keytrail-account')).toBe(false);
  });

  it('is of the account that the page shows', async () => {
    const { headers } = await firstRequest({ account: 'acc_1' });
    expect(headers.get('keytrail-account')).toBe('acc_1');
  });
});
