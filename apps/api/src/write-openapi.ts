import { writeFile } from 'node:fs/promises';
import { EventLog } from '@keytrail/event-store';
import { ApiSettings, createLogger } from '@keytrail/platform';
import { openReadModels } from '@keytrail/read-models';
import { createApp } from './configure-app.js';
import { createOpenApi } from './operations/openapi/openapi.js';

/** Writes the OpenAPI document of the code as it is to the given file; asks no store. */
async function main(file: string): Promise<void> {
  const settings = Object.assign(new ApiSettings(), {
    AUTH_SECRET: 'only for this document'.repeat(2),
  });
  const log = new EventLog('esdb://127.0.0.1:2113?tls=false');
  const models = openReadModels('mongodb://127.0.0.1:27017');
  const app = await createApp({ settings, log, models, logger: createLogger('openapi', 'error') });
  await writeFile(file, `${JSON.stringify(createOpenApi(app), null, 2)}\n`);
  process.exit(0);
}

await main(process.argv[2] ?? 'openapi.json');
