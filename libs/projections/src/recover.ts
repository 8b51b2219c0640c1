import { transactionOptions } from './apply-batch.js';
import { detach, openNext } from './generations.js';
import type { Lane } from './lanes.js';
import type { ReadModels } from './read-models.js';
import { buildToHead, type BuildOptions } from './rebuild.js';

export interface RecoverOptions extends BuildOptions {
  /**
   * Told when the models that the log gives stand beside those being read, before they take over. What
   * it appends to the log is in the models that are switched to.
   */
  readonly onBuilt: () => Promise<void>;
}

/**
 * Builds all models anew from a log that is not the one the active ones were made from: another one,
 * or an older copy. The live projector cannot take them over, as it does not go on with such a log; so
 * the switch is made here, whatever the active ones hold. Readers of these have a minute to go.
 *
 * @returns whether they were switched to; `false` after an abort
 */
export async function recoverModels(
  readModels: ReadModels,
  options: RecoverOptions,
): Promise<boolean> {
  const lanes: Lane[] = [];
  for (const model of readModels.models)
    lanes.push(await openNext(readModels, model, options.source));
  const built = await buildToHead(readModels, lanes, options);
  if (!built) return false;
  await options.onBuilt();
  const last = await buildToHead(readModels, built, options);
  if (!last) return false;
  await readModels.client.withSession((session) =>
    session.withTransaction(() => detach(readModels.registry, session), transactionOptions),
  );
  return true;
}
