import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { SERVER_VERSION } from './information-services.js';

/** Answers what comes by HTTP/1: health and version, and a sentence for the rest. */
export function answerHttp(socket: Socket): void {
  server.emit('connection', socket);
  socket.resume();
}

const server = createServer((request: IncomingMessage, response: ServerResponse) => {
  const path = request.url?.split('?')[0];
  if (path === '/health/live') response.writeHead(204).end();
  else if (path === '/info') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ esVersion: SERVER_VERSION, state: 'leader' }));
  } else {
    response.writeHead(501, { 'content-type': 'text/plain' });
    response.end(
      'The embedded event store serves no HTTP API. Use gRPC, or an EventStoreDB server.',
    );
  }
});
