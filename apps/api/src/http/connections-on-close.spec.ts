import { fastify } from 'fastify';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { endConnectionsOnClose } from './connections-on-close.js';

describe('a server that closes', () => {
  it('answers what it has accepted, and is not held up by connections kept for more', async () => {
    const server = fastify({ forceCloseConnections: 'idle' });
    endConnectionsOnClose(server);
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
