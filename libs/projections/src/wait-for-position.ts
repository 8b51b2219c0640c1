import type { ReadModels } from './read-models.js';
import type { ReadView } from './view.js';
import type { WaitOptions } from './view-source.js';

/**
 * Resolves with a view in which the models hold every event up to a position. Costs nothing while
 * they are known to; otherwise all who wait in this process share one poll of the checkpoints.
 *
 * @param position formatted, see `formatPosition`
 * @throws ReadModelError `read_model_behind` after the timeout; the signal's reason when aborted
 */
export const waitForPosition = <Name extends string>(
  { views }: ReadModels<Name>,
  models: readonly Name[],
  position: string,
  options: WaitOptions,
): Promise<ReadView<Name>> => views.waitFor(models, position, options);

/** A view without waiting, at most a few seconds old: for models written synchronously. */
export const currentView = <Name extends string>({
  views,
}: ReadModels<Name>): Promise<ReadView<Name>> => views.current();
