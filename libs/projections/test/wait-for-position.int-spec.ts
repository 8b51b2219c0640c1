import { jest } from '@jest/globals';
import { formatPosition } from '@keytrail/event-store';
import { waitForPosition } from '../src/wait-for-position.js';
import { MemoryLog, recorded } from '@keytrail/testing';
import { projectAll } from '../../../test/product/model-database.js';
import { added, startTestModels, type TestModels } from './items.js';

describe('waiting for a position', () => {
  let models: TestModels;
  beforeEach(async () => {
    models = await startTestModels();
  });
  afterEach(async () => {
    await models.stop();
  });

  const created = recorded(added('thing_1'));
  const position = formatPosition(created.position);

  it('G3: ends once the models hold the event, with a view that shows it', async () => {
    const waiting = waitForPosition(models.readModels, ['items'], position, { timeoutMs: 10_000 });
    const log = new MemoryLog();
    log.append(created);
    await projectAll(models.another(), log);
    const view = await waiting;
    expect(await view.collection('items').findOne({})).toMatchObject({ _id: 'thing_1' });
  });

  it('is told read_model_behind when the models do not get there in time', async () => {
    await expect(
      waitForPosition(models.readModels, ['items', 'journal'], position, { timeoutMs: 20 }),
    ).rejects.toMatchObject({ code: 'read_model_behind' });
  });

  it('ends when the caller goes away', async () => {
    const leaving = new AbortController();
    const waiting = waitForPosition(models.readModels, ['items'], position, {
      timeoutMs: 10_000,
      signal: leaving.signal,
    });
    leaving.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
  });

  it('asks the database twice at most for all who wait together, and not at all for what is known', async () => {
    const log = new MemoryLog();
    log.append(created);
    await projectAll(models.another(), log);
    const load = jest.spyOn(models.readModels.registry, 'load');
    const wait = () =>
      waitForPosition(models.readModels, ['items'], position, { timeoutMs: 10_000 });
    await Promise.all(Array.from({ length: 100 }, wait));
    // The first one's find is under way when the others come; the second serves them all.
    expect(load).toHaveBeenCalledTimes(2);
    await wait();
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('goes on by itself when the database fails meanwhile', async () => {
    const log = new MemoryLog();
    log.append(created);
    await projectAll(models.another(), log);
    const load = jest.spyOn(models.readModels.registry, 'load');
    load.mockRejectedValueOnce(new Error('The store is gone'));
    const view = await waitForPosition(models.readModels, ['items'], position, {
      timeoutMs: 10_000,
    });
    expect(view.position('items')).toBe(position);
  });
});
