// The api as it is built, with one more route that nobody guards and that answers as GET /v1/me does.
import { EventLog } from '@keytrail/event-store';
import { ApiSettings, createLogger, loadConfig } from '@keytrail/platform';
import { setUpReadModels } from '@keytrail/projections';
import { openReadModels } from '@keytrail/read-models';
import { Controller, Get, Module } from '@nestjs/common';
import { Access } from '../../apps/api/src/access/permission/access.decorator.js';

type Built = typeof import('../../apps/api/src/configure-app.js');

@Controller('v1/bare')
class BareController {
  private readonly body = JSON.parse(process.env['BENCH_BODY'] ?? '{}') as unknown;

  @Get()
  @Access('public')
  answer(): Promise<unknown> {
    return Promise.resolve(this.body);
  }
}

@Module({ controllers: [BareController] })
class BareModule {}

// What is measured is what `npm run build` made, and not what a loader makes of the sources.
const built = new URL('../../apps/api/dist/configure-app.js', import.meta.url);
const { createApp } = (await import(built.href)) as Built;

const settings = loadConfig(ApiSettings);
const logger = createLogger('api', settings.LOG_LEVEL);
const log = new EventLog(settings.EVENTSTOREDB_URL);
const models = openReadModels(settings.MONGODB_URL);
await setUpReadModels(models);
const app = await createApp({ settings, log, models, logger, modules: [BareModule] });
await app.listen(settings.PORT, settings.HOST);
process.once('disconnect', () => process.exit());
process.send?.({ ready: true });
