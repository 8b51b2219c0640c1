import { EventLog } from '@keytrail/event-store';
import {
  ConfigurationError,
  createLogger,
  loadConfig,
  onShutdown,
  reportReady,
} from '@keytrail/platform';
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

/** One clear line for the operator instead of a stack trace. */
function explain(error: unknown): string {
  if (error instanceof ConfigurationError) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  return message.includes('EADDRINUSE')
    ? `Keytrail cannot start: port ${process.env['PORT'] ?? '3000'} is taken; set PORT to another one.`
    : `Keytrail cannot start: ${message}`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
});
