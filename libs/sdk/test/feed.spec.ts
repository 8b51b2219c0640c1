import type { ServerResponse } from 'node:http';
import type { FeedEvent, KeytrailError } from '../src/index.js';
import { breakOff, json, PlannedServer, problem } from './planned-server.js';
import type { Plan } from './planned-server.js';

const HEAD = 'retry: 1\n\n';
const eventText = (position: number): string =>
  `id: ${position}\ndata: ${JSON.stringify({ specversion: '1.0', id: `e${position}`, subject: 'Ä' })}\n\n`;
const heartbeat = (position: number): string =>
  `id: ${position}\nevent: heartbeat\ndata: {"position":"${position}"}\n\n`;

/** Positions leave gaps: other accounts' events lie between. */
const history = Array.from({ length: 12 }, (_, index) => 10 + 7 * index);
const last = history.at(-1) ?? 0;

const begin = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
};

/** What the server sends to one who resumes after a position. */
function textAfter(url: string): string {
  const from = new URL(url, 'http://localhost').searchParams.get('from') ?? 'now';
  const after = from === 'start' ? 0 : Number(from);
  return (
    HEAD +
    history
      .filter((position) => position > after)
      .map(eventText)
      .join('') +
    heartbeat(last)
  );
}

function abortable(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController();
  const { signal } = controller;
  return {
    signal,
    abort: () => {
      controller.abort();
    },
  };
}

async function read(
  feed: AsyncIterable<FeedEvent>,
  until = (event: FeedEvent): boolean => event.position === String(last),
): Promise<string[]> {
  const positions: string[] = [];
  for await (const event of feed) {
    positions.push(event.position);
    if (until(event)) break;
  }
  return positions;
}

describe('the event feed', () => {
  let server: PlannedServer;
  afterEach(() => server.stop());

  const froms = (): (string | null)[] =>
    server.asked.map(({ url }) => new URL(url, server.url).searchParams.get('from'));

  it('hands out each event once and in order, wherever each connection is cut', async () => {
    const whole = Buffer.from(textAfter('/?from=start'));
    for (let cutAt = 1; cutAt < whole.length; cutAt += 3) {
      // Every connection is cut after as many bytes, and so ever later in the history.
      const cut: Plan = ({ url }, response) => {
        const text = Buffer.from(textAfter(url));
        const size = cutAt < 80 ? 80 + cutAt : cutAt;
        begin(response);
        response.write(text.subarray(0, size), () => response.destroy());
      };
      server = await PlannedServer.start(cut);
      const positions = await read(server.client().events({ from: 'start' }));
      expect(positions).toEqual(history.map(String));
      await server.stop();
    }
    server = await PlannedServer.start(json({}));
  }, 120_000);

  it('drops what it has handed out before when a server repeats it', async () => {
    const repeat: Plan = (_, response) => {
      begin(response);
      response.end(
        HEAD +
          history
            .slice(0, 2 + server.asked.length)
            .map(eventText)
            .join(''),
      );
    };
    server = await PlannedServer.start(repeat);
    expect(await read(server.client().events({ from: 'start' }))).toEqual(history.map(String));
  });

  it('resumes after the last heartbeat, and after faults that pass', async () => {
    const heartbeats: string[] = [];
    const reasons: string[] = [];
    let connections = 0;
    server = await PlannedServer.start(
      breakOff('text/event-stream', HEAD + eventText(10) + heartbeat(50)),
      problem(503, 'overloaded', { 'retry-after': '0' }),
      problem(500, 'internal_error'),
      (_, response) => response.destroy(),
      breakOff('text/event-stream', HEAD + heartbeat(40) + eventText(60)),
    );
    const feed = server.client().events({
      from: 'start',
      types: ['keytrail.key.*', 'keytrail.member.joined.v1'],
      onHeartbeat: (position) => heartbeats.push(position),
      onReconnect: ({ code }: KeytrailError) => reasons.push(code),
      onConnect: () => {
        connections += 1;
      },
    });
    expect(await read(feed, ({ position }) => position === '60')).toEqual(['10', '60']);
    expect(connections).toBe(2);
    expect(froms()).toEqual(['start', '50', '50', '50', '50']);
    expect(new URL(server.asked[4]?.url ?? '', server.url).searchParams.get('types')).toBe(
      'keytrail.key.*,keytrail.member.joined.v1',
    );
    expect(heartbeats).toEqual(['50', '50']);
    expect(reasons).toEqual(['network_error', 'overloaded', 'internal_error', 'network_error']);
    expect(feed.position).toBe('60');
  });

  it('gives a connection up on which nothing comes any more', async () => {
    const reasons: string[] = [];
    server = await PlannedServer.start((_, response) => {
      begin(response);
      response.write(HEAD + eventText(10 * server.asked.length));
    });
    const feed = server.client().events({
      silenceMs: 40,
      onReconnect: ({ code }) => reasons.push(code),
    });
    expect(await read(feed, ({ position }) => position === '20')).toEqual(['10', '20']);
    expect(froms()).toEqual(['now', '10']);
    expect(reasons).toEqual(['timeout']);
  });

  it('lets the reader take its time', async () => {
    server = await PlannedServer.start((_, response) => {
      begin(response);
      response.write(HEAD + eventText(10) + eventText(20));
    });
    const positions: string[] = [];
    const silenceMs = 30;
    for await (const { position } of server.client().events({ silenceMs })) {
      positions.push(position);
      if (position === '20') break;
      await someoneWaitsInVain(silenceMs);
    }
    expect(positions).toEqual(['10', '20']);
    expect(server.asked).toHaveLength(1);
  });

  /** Resolves when another reader, who does wait, has given a silent connection up. */
  async function someoneWaitsInVain(silenceMs: number): Promise<void> {
    const silent = await PlannedServer.start((_, response) => {
      begin(response);
      response.write(HEAD);
    });
    const { signal, abort } = abortable();
    const reasons: string[] = [];
    const onReconnect = ({ code }: KeytrailError): void => {
      reasons.push(code);
      abort();
    };
    await read(silent.client().events({ silenceMs, signal, onReconnect }));
    await silent.stop();
    expect(reasons).toEqual(['timeout']);
  }

  it('goes on after the last event handed out when it is iterated again', async () => {
    server = await PlannedServer.start(({ url }, response) => {
      begin(response);
      response.write(textAfter(url));
    });
    const { signal, abort } = abortable();
    const feed = server.client().events({ from: 'start', signal });
    const [first, ...others] = history.map(String);
    expect(await read(feed, () => true)).toEqual([first]);
    expect(await read(feed)).toEqual(others);
    const reader = feed[Symbol.asyncIterator]();
    const pending = reader.next();
    await expect(feed[Symbol.asyncIterator]().next()).rejects.toThrow(/invalid_argument/);
    abort();
    await expect(pending).resolves.toMatchObject({ done: true });
  });

  it('ends when the signal aborts: before it, while it waits, and while it backs off', async () => {
    server = await PlannedServer.start((_, response) => {
      begin(response);
      response.write(HEAD + eventText(10));
    });
    const controller = new AbortController();
    const positions: string[] = [];
    const { signal } = controller;
    for await (const { position } of server.client().events({ signal })) {
      positions.push(position);
      setImmediate(() => {
        controller.abort();
      });
    }
    expect(positions).toEqual(['10']);
    expect(await read(server.client().events({ signal }))).toEqual([]);
    expect(server.asked).toHaveLength(1);

    const backingOff = await PlannedServer.start(
      problem(503, 'overloaded', { 'retry-after': '30' }),
    );
    const later = new AbortController();
    const feed = backingOff.client().events({
      signal: later.signal,
      onReconnect: () => {
        later.abort();
      },
    });
    expect(await read(feed)).toEqual([]);
    await backingOff.stop();
  });

  it.each([
    ['revoked_key', problem(401, 'revoked_key')],
    ['invalid_request', problem(400, 'invalid_request')],
    ['unexpected_answer', json({})],
    ['unexpected_answer', breakOff('text/event-stream', 'id: 20\ndata: {oops\n\n')],
    ['unexpected_answer', breakOff('text/event-stream', 'data: {}\n\n')],
  ])('throws what no reconnecting can heal: %s', async (code, fault) => {
    server = await PlannedServer.start(breakOff('text/event-stream', HEAD + eventText(10)), fault);
    const feed = server.client().events({ from: 'start' });
    await expect(read(feed)).rejects.toMatchObject({ code });
    expect(server.asked).toHaveLength(2);
    expect(feed.position).toBe('10');
  });

  it('tells of an address where nobody answers', async () => {
    server = await PlannedServer.start((_, response) => response.destroy());
    const feed = server.client({ maxRetries: 0 }).events();
    await expect(read(feed)).rejects.toMatchObject({ code: 'network_error' });
  });
});
