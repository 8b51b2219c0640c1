import {
  startModels,
  type TestModels as TestModelsOf,
} from '../../../test/product/model-database.js';
import type { ModelName } from '../src/common/keytrail-model.js';
import { allModels } from '../src/models.js';

export type TestModels = TestModelsOf<ModelName>;

export const startTestModels = (): Promise<TestModels> => startModels(allModels);
