import {
  startModels,
  type TestModels as TestModelsOf,
} from '../../../test/product/model-database.js';
import { historyOf, type RecordedEvent } from '@keytrail/event-store';
import type { ModelName, ReadModels } from '../src/common/keytrail-model.js';
import { allModels } from '../src/models.js';
import { writeSynchronously } from '../src/synchronous.js';

export type TestModels = TestModelsOf<ModelName>;

export const startTestModels = (): Promise<TestModels> => startModels(allModels);

/** Writes all events of a stream synchronously. */
export const writeEvents = (models: ReadModels, events: readonly RecordedEvent[]): Promise<void> =>
  writeSynchronously(
    models,
    historyOf({ readStream: () => Promise.resolve([...events]) }, 'stream', events),
  );
