import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { streamEvents } from '../../src/event-feed/event-stream.js';
import type { StreamParts } from '../../src/event-feed/event-stream.js';
import { FeedReader } from '../../src/event-feed/feed-reader.js';
import { parseFrom } from '../../src/events/feed-position.js';
import { LiveTail } from '../../src/event-feed/live-tail.js';
import { MemoryFeed } from './memory-feed.js';

const EVENTS = 50_000;
const ACCOUNT = 'acc_a';
const ID = /^id: (\S+)\ndata: /m;

interface Connection {
  readonly reader: FeedReader;
  readonly ended: Promise<void>;
}

/** A server that streams one account's feed to whoever connects. */
async function serve(feed: MemoryFeed, tail: LiveTail, parts: Partial<StreamParts>) {
  const connections: Connection[] = [];
  const server = createServer((request, out) => {
    const closing = new AbortController();
    out.once('close', () => {
      closing.abort();
    });
    const { signal } = closing;
    const from = new URL(request.url ?? '/', 'http://test').searchParams.get('from') ?? 'start';
    const reader = new FeedReader(tail, feed, {
      accountId: ACCOUNT,
      after: parseFrom(from, 'from'),
      signal,
    });
    const ended = streamEvents({
      reader,
      out,
      signal,
      mayStillRead: () => Promise.resolve(true),
      ...parts,
    }).finally(() => {
      reader.close();
      out.end();
    });
    connections.push({ reader, ended });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, connections };
}

const open = async (server: Server, from: string): Promise<Socket> => {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(`GET /?from=${from} HTTP/1.0\r\n\r\n`);
  await once(socket, 'readable');
  return socket;
};

async function readIds(socket: Socket, count: number): Promise<string[]> {
  const ids: string[] = [];
  let rest = '';
  while (ids.length < count) {
    const chunk = (socket.read() as Buffer | null)?.toString();
    if (chunk === undefined) {
      await once(socket, 'readable');
      continue;
    }
    const messages = (rest + chunk).split('\n\n');
    rest = messages.pop() ?? '';
    ids.push(...messages.flatMap((message) => ID.exec(message)?.[1] ?? []));
  }
  return ids;
}

describe('a subscriber that stops reading', () => {
  let feed: MemoryFeed;
  let tail: LiveTail;
  let server: Server;
  beforeEach(async () => {
    feed = new MemoryFeed();
    tail = new LiveTail(feed, { maxKept: 1_000, lingerMs: 5 });
    for (let written = 0; written < 10; written += 1) feed.append(ACCOUNT);
    await tail.catchUp();
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await tail.stop();
  });

  it('is held back: what it does not take is not read for it, and it misses nothing later', async () => {
    const { server: started, connections } = await serve(feed, tail, {});
    server = started;
    const socket = await open(server, 'start');
    for (let written = 10; written < EVENTS; written += 1) {
      feed.append(ACCOUNT);
      if (written % 500 === 0) await new Promise(setImmediate);
    }
    await tail.catchUp();
    const [connection] = connections;
    const all = feed.idsOf(ACCOUNT);
    const held = await settledPosition(() => connection?.reader.position);
    expect(Number(held) / 100).toBeLessThan(EVENTS / 2);
    expect(await readIds(socket, all.length)).toEqual(all);
    socket.destroy();
    await connection?.ended;
  }, 60_000);

  it('that loses its connection resumes where it was', async () => {
    const { server: started, connections } = await serve(feed, tail, {});
    server = started;
    const socket = await open(server, 'start');
    for (let written = 10; written < EVENTS; written += 1) feed.append(ACCOUNT);
    await settledPosition(() => connections[0]?.reader.position);
    server.closeAllConnections();
    await connections[0]?.ended;
    const [last = ''] = (await readIds(socket, 10)).slice(-1);
    const again = await open(server, last);
    const rest = feed.idsOf(ACCOUNT).slice(feed.idsOf(ACCOUNT).indexOf(last) + 1);
    expect(await readIds(again, rest.length)).toEqual(rest);
    socket.destroy();
    again.destroy();
  }, 60_000);

  it('is asked about again and again, and cut once it may no longer read', async () => {
    let mayRead = true;
    const { server: started, connections } = await serve(feed, tail, {
      timings: { heartbeatMs: 20, checkMs: 20, uncheckedMs: 1_000 },
      mayStillRead: () => Promise.resolve(mayRead),
    });
    server = started;
    const socket = await open(server, 'start');
    mayRead = false;
    socket.resume();
    await Promise.all([connections[0]?.ended, once(socket, 'end')]);
  });

  it('is let go of when it is gone, even if nobody was told of that', async () => {
    const { server: started, connections } = await serve(feed, tail, {
      timings: { heartbeatMs: 20, checkMs: 20, uncheckedMs: 1_000 },
      signal: new AbortController().signal,
    });
    server = started;
    const socket = await open(server, 'start');
    socket.destroy();
    await connections[0]?.ended;
  });

  it('is cut when for too long nobody can tell whether it may still read', async () => {
    const { server: started, connections } = await serve(feed, tail, {
      timings: { heartbeatMs: 20, checkMs: 20, uncheckedMs: 60 },
      mayStillRead: () => Promise.reject(new Error('the stores do not answer')),
    });
    server = started;
    const socket = await open(server, 'start');
    socket.resume();
    await Promise.all([connections[0]?.ended, once(socket, 'end')]);
  });
});

/** The position once it has stood still for a while: the stream waits for its reader. */
async function settledPosition(read: () => string | undefined): Promise<string> {
  let last = read();
  for (let same = 0; same < 200; same += 1) {
    await new Promise(setImmediate);
    if (read() !== last) same = 0;
    last = read();
  }
  return last ?? '';
}
