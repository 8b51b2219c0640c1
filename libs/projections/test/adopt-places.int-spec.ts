import type { LogPosition } from '@keytrail/event-store';
import { adoptPlaces } from '../src/adopt-places.js';
import { progressOf } from '../src/registry.js';
import { MemoryLog, progressAt } from '@keytrail/testing';
import { projectAll } from '../../../test/product/model-database.js';
import { longHistory, startTestModels, type TestModels } from './items.js';

describe('models that know a position and no event', () => {
  let models: TestModels;
  const history = longHistory(2, 3);
  const last = progressAt(history.at(-1)).last;
  beforeEach(async () => {
    models = await startTestModels();
    const log = new MemoryLog(50);
    log.append(...history);
    await projectAll(models.readModels, log);
  });
  afterEach(async () => {
    await models.stop();
  });

  const forget = (filter = {}, position?: string) =>
    models.readModels.registry.entries.updateMany(filter, {
      $unset: { eventId: '' },
      ...(position !== undefined && { $set: { position } }),
    });

  async function adopt(answer: typeof last): Promise<LogPosition[]> {
    const asked: LogPosition[] = [];
    await adoptPlaces(models.readModels, (position) => {
      asked.push(position);
      return Promise.resolve(answer);
    });
    return asked;
  }

  const progressOfAll = async () =>
    [...(await models.readModels.registry.load()).values()].map(progressOf);

  it('are given the event that stands there', async () => {
    await forget();
    const asked = await adopt(last);
    expect(asked).toEqual(asked.map(() => last?.position));
    expect(asked.length).toBeGreaterThan(1);
    for (const progress of await progressOfAll()) expect(progress.last).toEqual(last);
  });

  it('are given Keytrail’s last event before it when somebody else’s stands there', async () => {
    await forget({}, '00000000000099999999');
    await adopt(last);
    for (const progress of await progressOfAll()) expect(progress.last).toEqual(last);
  });

  it('are left as they are when it is no place in the log', async () => {
    await forget();
    await adopt(null);
    for (const { last: kept } of await progressOfAll()) {
      expect(kept).toEqual({ position: last?.position, eventId: '' });
    }
  });

  it('are asked about alone: neither those that know their event nor those without any', async () => {
    await forget({ _id: 'items' });
    await forget({ _id: 'uses' }, '');
    expect(await adopt(last)).toHaveLength(1);
    expect(await adopt(last)).toEqual([]);
  });

  it('are not given it when they have moved on meanwhile', async () => {
    await forget({ _id: 'items' });
    const moved = '00000000000088888888';
    await adoptPlaces(models.readModels, async () => {
      await forget({ _id: 'items' }, moved);
      return last;
    });
    const entry = (await models.readModels.registry.load()).get('items');
    expect(entry).toMatchObject({ position: moved });
    expect(entry).not.toHaveProperty('eventId');
  });
});
