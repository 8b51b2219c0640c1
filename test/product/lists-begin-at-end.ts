import { EventLog, formatPosition } from '@keytrail/event-store';
import { setUpReadModels } from '@keytrail/projections';
import { openReadModels } from '@keytrail/read-models';

/**
 * Makes read models in a new database that begin where a log ends which others have used, as if all that
 * stands in it had been read and were of no account of the test's. Otherwise each suite would wait until
 * its projector has been through the events of all others.
 */
export async function listsBeginAtEnd(eventStoreUrl: string, mongoUrl: string): Promise<void> {
  const log = new EventLog(eventStoreUrl);
  const models = openReadModels(mongoUrl);
  try {
    await setUpReadModels(models);
    const { last } = await log.head(null);
    if (last === null) return;
    const place = { position: formatPosition(last.position), eventId: last.eventId };
    await models.registry.entries.updateMany({}, { $set: place });
  } finally {
    await Promise.all([log.close(), models.close()]);
  }
}
