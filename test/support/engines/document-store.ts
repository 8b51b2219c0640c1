// The embedded document store alone, for tests whose event store is a real one: a process, so that it can
// be killed like any other part. Run from its source: node --import tsx document-store.ts
import { startEmbeddedMongo } from '@keytrail/embedded-mongo';
import { endAtOnce, onShutdown, reportReady, runMain } from '@keytrail/platform';

async function main(): Promise<void> {
  const { DATA_DIR: dataDir = '', MONGODB_PORT = '', STORES_PASSWORD: password = '' } = process.env;
  const server = await startEmbeddedMongo({
    dataDir,
    host: '127.0.0.1',
    port: Number(MONGODB_PORT),
    user: { name: 'keytrail', password },
    onFatal: endAtOnce,
  });
  onShutdown(() => server.close());
  reportReady({ url: server.url });
}

runMain(main);
