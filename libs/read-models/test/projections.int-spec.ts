import { MemoryLog, recorded } from '@keytrail/testing';
import { dump, projectAll } from '../../../test/product/model-database.js';
import { eventOfEachType, longHistory } from './history.js';
import { startTestModels, type TestModels } from './test-models.js';

describe('the projections', () => {
  let models: TestModels;
  beforeEach(async () => {
    models = await startTestModels();
  });
  afterEach(async () => {
    await models.stop();
  });

  it('leave the same documents whatever the size of the batches', async () => {
    const history = longHistory(7, 9);
    const dumps = [];
    for (const batchSize of [1, 4, 1_000]) {
      const log = new MemoryLog(batchSize);
      log.append(...history);
      const own = await startTestModels();
      await projectAll(own.readModels, log);
      dumps.push(await dump(own.readModels));
      await own.stop();
    }
    expect(dumps[0]?.['audit']).toHaveLength(history.length);
    expect(dumps[1]).toEqual(dumps[0]);
    expect(dumps[2]).toEqual(dumps[0]);
  });

  it.each(eventOfEachType.map((event, index) => [event.type, index] as const))(
    'the same event twice changes nothing: %s',
    async (_, index) => {
      const events = eventOfEachType.slice(0, index + 1).map((event) => recorded(event));
      const log = new MemoryLog();
      log.append(...events);
      await projectAll(models.readModels, log);
      const before = await dump(models.readModels);

      const repeating = new MemoryLog();
      repeating.append(
        ...events.slice(-1),
        ...events.slice(-1),
        recorded({ type: 'Nothing', data: {} }),
      );
      await projectAll(models.readModels, repeating);
      expect(await dump(models.readModels)).toEqual(before);
    },
  );
});
