// Serves an event store from a directory until it is ended. Usage: node serve.mjs <dir> <port>
import { startEmbeddedEventStore } from '../dist/index.js';

const [dataDir, port] = process.argv.slice(2);
const server = await startEmbeddedEventStore({ dataDir, port: Number(port) });
process.on('SIGTERM', () => void server.close());
console.log(`ready ${server.port}`);
