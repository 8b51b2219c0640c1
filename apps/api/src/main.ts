import { endOnStrayRejection, EventLog } from '@keytrail/event-store';
import {
  addressToListenOn,
  ApiSettings,
  assertPortUsable,
  createLogger,
  loadConfig,
  logConsole,
  onShutdown,
  reportReady,
  runMain,
} from '@keytrail/platform';
import { setUpReadModels } from '@keytrail/projections';
import { openReadModels } from '@keytrail/read-models';
import { createApp } from './configure-app.js';
import { prepareSessions } from './sessions/prepare-sessions.js';

async function main(): Promise<void> {
  const settings = loadConfig(ApiSettings);
  const logger = createLogger('api', settings.LOG_LEVEL);
  endOnStrayRejection(logger);
  logConsole(logger);
  const host = await addressToListenOn(settings.HOST);
  await assertPortUsable(settings.PORT, host);
  const log = new EventLog(settings.EVENTSTOREDB_URL);
  const models = openReadModels(settings.MONGODB_URL, { socketTimeoutMs: 5_000 });
  await setUpReadModels(models);
  settings.AUTH_SECRET = await prepareSessions(models.db, settings);
  const app = await createApp({ settings, log, models, logger });
  await app.listen(settings.PORT, host);
  onShutdown(async () => {
    await app.close();
    await Promise.all([log.close(), models.close()]);
  });
  const port = Number(new URL(await app.getUrl()).port);
  logger.info({ port, host }, 'api is listening');
  reportReady({ port });
}

runMain(main);
