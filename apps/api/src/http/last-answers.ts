import type { FastifyInstance } from 'fastify';

/**
 * Ends the connection of every request that is answered while the server closes. Kept for a next
 * request, it would hold the close up for as long as connections are kept: the idle ones are ended
 * once, and those that become idle later are not.
 */
export function endConnectionsOnClose(server: FastifyInstance): void {
  let isClosing = false;
  server.addHook('preClose', (done) => {
    isClosing = true;
    done();
  });
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (isClosing) void reply.header('connection', 'close');
    done();
  });
}
