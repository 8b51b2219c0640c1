import { constants, setPriority } from 'node:os';
import { endOnStrayRejection, EventLog } from '@keytrail/event-store';
import {
  createLogger,
  loadConfig,
  logConsole,
  onShutdown,
  reportReady,
  runMain,
  StoreSettings,
} from '@keytrail/platform';
import { openReadModels } from '@keytrail/read-models';
import { startProjector } from './projector.js';

async function main(): Promise<void> {
  // On a machine that it shares, whoever waits for an answer goes first.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const config = loadConfig(StoreSettings);
  const logger = createLogger('projector', config.LOG_LEVEL);
  endOnStrayRejection(logger);
  logConsole(logger);
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
}

runMain(main);
