import { EventLog } from '@keytrail/event-store';
import { createLogger, loadConfig, onShutdown, reportReady, runMain } from '@keytrail/platform';
import { openReadModels, setUpReadModels } from '@keytrail/read-models';
import { ApiSettings } from './api-settings.js';
import { createApp } from './configure-app.js';

async function main(): Promise<void> {
  const settings = loadConfig(ApiSettings);
  const logger = createLogger('api', settings.LOG_LEVEL);
  const log = new EventLog(settings.EVENTSTOREDB_URL);
  const models = openReadModels(settings.MONGODB_URL);
  await setUpReadModels(models);
  const app = await createApp({ settings, log, models, logger });
  await app.listen(settings.PORT, settings.HOST);
  onShutdown(async () => {
    await app.close();
    await Promise.all([log.close(), models.close()]);
  });
  const port = portOf(await app.getUrl());
  logger.info({ port, host: settings.HOST }, 'api is listening');
  reportReady({ port });
}

const portOf = (url: string): number => Number(new URL(url).port);

runMain(main);
