import { openReadModels } from '@keytrail/read-models';
import { startTestApp } from '../../apps/api/test/harness/app.js';
import { productStores } from '../product/stores.js';
import type { CommandRecorder } from './recorder.js';
import { useAccounts, usePasswords } from './use-accounts.js';
import { startProjecting, rebuildEverything } from './use-projector.js';
import { readEverything, useKeys } from './use-keys.js';

/** Uses every part of the product that asks something of MongoDB. */
export async function runProduct(recorder: CommandRecorder): Promise<void> {
  const stores = await productStores();
  const sign = stores.mongoUrl.includes('?') ? '&' : '?';
  const monitored = { ...stores, mongoUrl: `${stores.mongoUrl}${sign}monitorCommands=true` };
  const app = await startTestApp({ stores: monitored });
  const operator = openReadModels(stores.mongoUrl);
  const projecting = startProjecting(app);
  try {
    const ada = await useAccounts(app);
    await useKeys(app, ada);
    await readEverything(app, ada);
    await usePasswords(app);
    await rebuildEverything(app, { operator, projecting, recorder, ada });
  } finally {
    await projecting.stop();
    await app.stop();
    await operator.close();
    await stores.stop();
  }
}
