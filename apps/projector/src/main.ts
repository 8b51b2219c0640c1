import { EventLog } from '@keytrail/event-store';
import {
  ConfigurationError,
  createLogger,
  loadConfig,
  onShutdown,
  reportReady,
  StoreSettings,
} from '@keytrail/platform';
import { openReadModels } from '@keytrail/read-models';
import { startProjector } from './projector.js';

try {
  const config = loadConfig(StoreSettings);
  const logger = createLogger('projector', config.LOG_LEVEL);
  const log = new EventLog(config.EVENTSTOREDB_URL);
  const readModels = openReadModels(config.MONGODB_URL);
  const projector = startProjector({ log, readModels, logger });
  onShutdown(async () => {
    await projector.stop();
    await Promise.all([log.close(), readModels.close()]);
    logger.info('The projector has stopped');
  });
  await projector.ready;
  logger.info('The projector is ready');
  reportReady();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
