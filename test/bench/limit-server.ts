// The least that can be served over HTTP: shows how much the load generator itself can ask for.
import { createServer } from 'node:http';

const body = process.env['BENCH_BODY'] ?? '';
const headers = {
  'content-type': 'application/json; charset=utf-8',
  'content-length': Buffer.byteLength(body),
};

const server = createServer((_request, response) => {
  response.writeHead(200, headers).end(body);
});
server.listen(Number(process.env['PORT']), '127.0.0.1', () => {
  process.send?.({ ready: true });
});
process.once('disconnect', () => process.exit());
