import { jest } from '@jest/globals';
import { keyStream } from '@keytrail/domain';
import { EventLog, formatPosition } from '@keytrail/event-store';
import { createLogger } from '@keytrail/platform';
import { countUnapplied, waitForPosition } from '@keytrail/projections';
import { findKey, openReadModels, type ReadModels } from '@keytrail/read-models';
import { randomUUID } from 'node:crypto';
import { productStores } from '../../../test/product/stores.js';
import type { TestStores } from '../../../test/support/stores.js';
import { type Projector, startProjector } from './projector.js';

jest.setTimeout(30_000);

const actor = { type: 'user', id: 'usr_1', label: 'anna@example.com' } as const;
const context = { requestId: 'req_1', causationId: 'cmd_1', actor, ip: null, userAgent: null };

describe('the projector over real stores', () => {
  let stores: TestStores;
  let log: EventLog;
  let readModels: ReadModels;
  let running: Projector | undefined;
  const lines: string[] = [];

  beforeAll(async () => {
    stores = await productStores();
    log = new EventLog(stores.eventStoreUrl);
    readModels = openReadModels(stores.mongoUrl);
  });
  afterAll(async () => {
    await readModels.db.dropDatabase();
    await Promise.all([log.close(), readModels.close()]);
    await stores.stop();
  });
  afterEach(async () => {
    await running?.stop();
  });

  const logger = createLogger('projector', 'info', { write: (line: string) => lines.push(line) });

  async function createKey(
    keyId = `key_${randomUUID()}`,
  ): Promise<{ keyId: string; accountId: string; position: string }> {
    const accountId = `acc_${randomUUID()}`;
    const data = { keyId, accountId, name: 'CI', keyPrefix: 'axk_1234', secretHash: keyId };
    const event = { type: 'KeyCreated', data } as const;
    const { position } = await log.append(
      keyStream(randomUUID()),
      [{ id: randomUUID(), event, context: { ...context, occurredAt: new Date().toISOString() } }],
      'no_stream',
      { giveUpAfterMs: 5_000 },
    );
    return { keyId, accountId, position: formatPosition(position) };
  }

  async function expectListed({
    keyId,
    accountId,
    position,
  }: Awaited<ReturnType<typeof createKey>>) {
    const view = await waitForPosition(readModels, ['keys'], position, { timeoutMs: 20_000 });
    expect(await findKey(view, accountId, keyId)).toMatchObject({ name: 'CI', status: 'Active' });
  }

  it('shows what was written before and after its start', async () => {
    const before = await createKey();
    running = startProjector({ log, readModels, logger });
    await expectListed(before);
    await expectListed(await createKey());
  });

  it('goes on where it was stopped', async () => {
    const meanwhile = await createKey();
    running = startProjector({ log, readModels, logger });
    await expectListed(meanwhile);
  });

  it('sets aside what a list cannot take, says so, and goes on', async () => {
    const key = await createKey();
    await createKey(key.keyId);
    running = startProjector({ log, readModels, logger });
    await expectListed(key);
    await expectListed(await createKey());
    const told = lines.filter((line) => line.includes('set aside'));
    expect(told).toHaveLength(1);
    expect(JSON.parse(told[0] ?? '')).toMatchObject({ model: 'keys', type: 'KeyCreated' });
    expect(await countUnapplied(readModels)).toBe(1);
  });

  it('builds by itself what another version of a projection has made', async () => {
    running = startProjector({ log, readModels, logger });
    const before = await createKey();
    await expectListed(before);
    await running.stop();
    const { entries } = readModels.registry;
    const current = await entries.findOne({ model: 'keys' });
    await entries.updateMany({ model: 'keys' }, { $set: { version: 0 } });
    const updated = openReadModels(stores.mongoUrl);
    const { position } = await createKey();
    await expect(
      waitForPosition(updated, ['keys'], position, { timeoutMs: 100 }),
    ).rejects.toMatchObject({ code: 'read_model_behind' });

    lines.length = 0;
    running = startProjector({ log, readModels: updated, logger });
    const view = await waitForPosition(updated, ['keys'], position, { timeoutMs: 20_000 });
    expect(await findKey(view, before.accountId, before.keyId)).toMatchObject({ name: 'CI' });
    const [built] = await entries.find({ model: 'keys', version: { $ne: 0 } }).toArray();
    expect(built).toMatchObject({ version: current?.version });
    expect(built?.generation).toBeGreaterThan(current?.generation ?? Infinity);
    expect(lines.join('')).toContain('Building new versions of read models beside the old');
    await running.stop();
    await updated.close();
  });

  it('says once that a store cannot be reached, and stops when told to', async () => {
    const nowhere = openReadModels('mongodb://127.0.0.1:1/', { serverSelectionTimeoutMs: 50 });
    lines.length = 0;
    let resolve = (): void => undefined;
    const promise = new Promise<void>((done) => (resolve = done));
    const attempts = { count: 0 };
    const counting = new Proxy(nowhere.registry, {
      get: (registry, name) => {
        if (name === 'load' && (attempts.count += 1) === 3) resolve();
        const value: unknown = Reflect.get(registry, name);
        return typeof value === 'function' ? (value.bind(registry) as unknown) : value;
      },
    });
    const projector = startProjector({
      log,
      readModels: { ...nowhere, registry: counting },
      logger,
    });
    await promise;
    await projector.stop();
    await nowhere.close();
    expect(lines.filter((line) => line.includes('The read models cannot be reached'))).toHaveLength(
      1,
    );
  });
});
