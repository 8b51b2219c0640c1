import { fastify } from 'fastify';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { limitConnections } from './connections.js';
import type { ConnectionBounds } from './connections.js';

describe('a server that closes', () => {
  it('answers what it has accepted, and is not held up by connections kept for more', async () => {
    const server = fastify({ forceCloseConnections: 'idle' });
    limitConnections(server, { inAll: 10, perNetwork: 10 });
    let closed: Promise<unknown> = Promise.resolve();
    server.get('/', async () => {
      closed = server.close();
      while (server.server.listening) await new Promise(setImmediate);
      return 'answered';
    });
    const url = await server.listen({ host: '127.0.0.1', port: 0 });
    const asked = get(url, { agent: new Agent({ keepAlive: true }) });
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    answer.resume();
    await closed;
    expect(answer.statusCode).toBe(200);
  });
});

describe('connections', () => {
  /** A server that answers at once, and one address of it that never does. */
  async function listen(bounds: ConnectionBounds) {
    const server = fastify({ forceCloseConnections: true });
    limitConnections(server, bounds);
    server.get('/', () => 'answered');
    const waiting = { count: 0 };
    server.get('/wait', () => {
      waiting.count += 1;
      return new Promise(() => undefined);
    });
    const url = await server.listen({ host: '127.0.0.1', port: 0 });
    const port = Number(new URL(url).port);
    const open = async (from = '127.0.0.1'): Promise<Socket> => {
      const socket = connect({ port, host: '127.0.0.1', localAddress: from });
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      return socket;
    };
    const ask = async (path: string, from?: string): Promise<string> => {
      const socket = await open(from);
      const answered = Promise.race([once(socket, 'data'), once(socket, 'close')]);
      socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
      const [data] = (await answered) as [Buffer | boolean];
      return typeof data === 'boolean' ? 'ended' : (data.toString().split('\r\n')[0] ?? '');
    };
    return { server, open, ask, waiting };
  }

  it('silent ones make room for those that come, the oldest first', async () => {
    const { server, open, ask } = await listen({ inAll: 5, perNetwork: 5 });
    const silent: Socket[] = [];
    for (let opened = 0; opened < 5; opened += 1) silent.push(await open());
    const ended = once(silent[0] as Socket, 'close');
    expect(await ask('/')).toBe('HTTP/1.1 200 OK');
    await ended;
    expect(silent[1]?.destroyed).toBe(false);
    await server.close();
  });

  it('of one address make room for themselves, and not at the cost of another', async () => {
    const { server, open, ask } = await listen({ inAll: 10, perNetwork: 3 });
    const other = await open('127.0.0.2');
    for (let opened = 0; opened < 9; opened += 1) await open();
    expect(await ask('/')).toBe('HTTP/1.1 200 OK');
    expect(await ask('/', '127.0.0.2')).toBe('HTTP/1.1 200 OK');
    expect(other.destroyed).toBe(false);
    await server.close();
  });

  it('on which something is under way are kept, and new ones are ended', async () => {
    const { server, ask, waiting } = await listen({ inAll: 10, perNetwork: 2 });
    const asked = [ask('/wait'), ask('/wait')];
    while (waiting.count < 2) await new Promise(setImmediate);
    expect(await ask('/')).toBe('ended');
    expect(await ask('/', '127.0.0.2')).toBe('HTTP/1.1 200 OK');
    await server.close();
    expect(await Promise.all(asked)).toEqual(['ended', 'ended']);
  });
});
