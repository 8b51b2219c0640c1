import { join } from 'node:path';
import { startEmbeddedEventStore } from '@keytrail/embedded-eventstore';
import { startEmbeddedMongo } from '@keytrail/embedded-mongo';
import {
  announceStores,
  assertPortUsable,
  drawStoresPassword,
  EmbeddedStoresSettings,
  endAtOnce,
  loadConfig,
  loopbackAddress,
  messageOf,
  onShutdown,
  reportReady,
  runMain,
  withdrawStores,
} from '@keytrail/platform';
import { nameOf, USER } from './access.js';
import { certificateIn } from './certificate.js';
import { claimDataDir } from './data-dir.js';

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

/** Without passwords: these are in the file, which is for its owner. */
function tellHowToConnect(
  host: string,
  eventStorePort: number,
  mongoPort: number,
  file: string,
): void {
  const address = host.includes(':') ? `[${host}]` : host;
  console.log(
    `Keytrail stores are ready at esdb://${address}:${eventStorePort} and mongodb://${address}:${mongoPort}`,
  );
  console.log(`Connection strings with user and password are in ${file}, such as for`);
  console.log(`  mongosh "$(node -p 'require("${file}").MONGODB_URL')"`);
}

async function main(): Promise<void> {
  process.on('uncaughtException', onUncaught);
  const settings = loadConfig(EmbeddedStoresSettings);
  const host = await loopbackAddress();
  await assertPortUsable(settings.EVENTSTOREDB_PORT, host);
  await assertPortUsable(settings.MONGODB_PORT, host);
  const dataDir = await claimDataDir(settings.DATA_DIR);
  const password = settings.STORES_PASSWORD ?? drawStoresPassword();
  const certificate = await certificateIn(dataDir.path);
  const [eventStore, mongo] = await Promise.all([
    startEmbeddedEventStore({
      dataDir: join(dataDir.path, 'eventstore'),
      host,
      name: await nameOf(host),
      port: settings.EVENTSTOREDB_PORT,
      access: { user: USER, password, ...certificate },
      onFatal,
    }),
    startEmbeddedMongo({
      dataDir: dataDir.path,
      host,
      port: settings.MONGODB_PORT,
      user: { name: USER, password },
      onFatal,
    }),
  ]);
  const urls = { EVENTSTOREDB_URL: eventStore.url, MONGODB_URL: mongo.url };
  const file = await announceStores(dataDir.path, urls);
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
  } else tellHowToConnect(host, eventStore.port, mongo.port, file);
}

runMain(main);
