import { join } from 'node:path';
import { startEmbeddedEventStore } from '@keytrail/embedded-eventstore';
import { startEmbeddedMongo } from '@keytrail/embedded-mongo';
import {
  announceStores,
  assertPortUsable,
  EmbeddedStoresSettings,
  endAtOnce,
  loadConfig,
  messageOf,
  onShutdown,
  reportReady,
  runMain,
  withdrawStores,
} from '@keytrail/platform';
import { claimDataDir } from './data-dir.js';

/** The stores know no passwords: they are for this machine only. */
const host = '127.0.0.1';

/** After a failed write to disk nothing more may be acknowledged, so the process ends at once. */
function onFatal(error: unknown): never {
  console.error(`Keytrail stores stop: data could not be written to disk (${messageOf(error)}).`);
  endAtOnce();
}

/** Nothing is known about the state after it; what was acknowledged is on disk. */
function onUncaught(error: unknown): never {
  console.error('Keytrail stores stop after an unexpected error:', error);
  endAtOnce();
}

async function main(): Promise<void> {
  process.on('uncaughtException', onUncaught);
  const settings = loadConfig(EmbeddedStoresSettings);
  await assertPortUsable(settings.EVENTSTOREDB_PORT, host);
  await assertPortUsable(settings.MONGODB_PORT, host);
  const dataDir = await claimDataDir(settings.DATA_DIR);
  const [eventStore, mongo] = await Promise.all([
    startEmbeddedEventStore({
      dataDir: join(dataDir.path, 'eventstore'),
      host,
      port: settings.EVENTSTOREDB_PORT,
      onFatal,
    }),
    startEmbeddedMongo({
      dataDir: dataDir.path,
      host,
      port: settings.MONGODB_PORT,
      onFatal,
    }),
  ]);
  await announceStores(dataDir.path, { EVENTSTOREDB_URL: eventStore.url, MONGODB_URL: mongo.url });
  onShutdown(async () => {
    await withdrawStores(dataDir.path);
    await Promise.all([eventStore.close(), mongo.close()]);
    await dataDir.release();
  });
  if (process.send) {
    reportReady({
      eventStore: { port: eventStore.port, url: eventStore.url },
      mongo: { port: mongo.port, url: mongo.url },
    });
  } else {
    console.log(`Keytrail stores are ready at ${eventStore.url} and ${mongo.url}`);
  }
}

runMain(main);
