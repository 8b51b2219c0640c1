import { keyStream, type KeytrailEvent } from '@keytrail/domain';
import { EventLog, formatPosition, type RecordedEvent } from '@keytrail/event-store';
import { setUpReadModels } from '@keytrail/projections';
import { keyCreated, keyRevoked } from '@keytrail/testing';
import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { productStores } from '../../../test/product/stores.js';
import type { TestStores } from '../../../test/support/stores.js';
import {
  findCredentials,
  KnownCredentials,
  openReadModels,
  type ReadModels,
} from '../src/index.js';
import { machineClock } from '../src/leases/instant.js';
import { LEASE_MS } from '../src/leases/lease.js';
import { LeaseRegister } from '../src/leases/lease-register.js';
import { writeEvents } from './test-models.js';

interface Process {
  readonly log: EventLog;
  readonly models: ReadModels;
  readonly known: KnownCredentials;
  /** Why its leases ended. */
  readonly failures: unknown[];
  /** By how much its clocks are ahead, in milliseconds. */
  aheadMs: number;
}

describe('credentials known by heart', () => {
  let stores: TestStores;
  let processes: Process[];
  beforeAll(async () => {
    stores = await productStores();
  });
  beforeEach(() => {
    processes = [];
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const { known, models, log } of processes) {
      await known.close();
      await Promise.all([models.close(), log.close()]);
    }
  });
  afterAll(() => stores.stop());

  async function start(): Promise<Process> {
    const log = new EventLog(stores.eventStoreUrl);
    const models = openReadModels(stores.mongoUrl);
    await setUpReadModels(models);
    const failures: unknown[] = [];
    const clock = () => {
      const { monotonic, wall } = machineClock();
      return { monotonic: monotonic + started.aheadMs, wall: wall + started.aheadMs };
    };
    const onFailure = (error: unknown) => failures.push(error);
    const known = new KnownCredentials({ log, models, onFailure, clock });
    const started: Process = { log, models, known, failures, aheadMs: 0 };
    processes.push(started);
    return started;
  }

  async function append(
    { log }: Process,
    keyId: string,
    event: KeytrailEvent,
  ): Promise<readonly RecordedEvent[]> {
    const id = randomUUID();
    const context = {
      ...{ requestId: id, causationId: id, ip: null, userAgent: null },
      actor: { type: 'system', id: 'test', label: 'test' },
      occurredAt: new Date().toISOString(),
    } as const;
    const stream = keyStream(keyId);
    const revision = event.type === 'KeyCreated' ? 'no_stream' : 0n;
    await log.append(stream, [{ id, event: event as never, context }], revision, {
      giveUpAfterMs: 5_000,
    });
    return log.readStream(stream);
  }

  /** A new key that a process can look up; its hash is its id. */
  async function createKey(by: Process): Promise<string> {
    const keyId = `key_${randomUUID()}`;
    const events = await append(by, keyId, keyCreated({ keyId, secretHash: keyId }));
    await writeEvents(by.models, events);
    return keyId;
  }

  async function revoke(by: Process, keyId: string): Promise<void> {
    const events = await append(by, keyId, keyRevoked({ keyId }));
    await writeEvents(by.models, events);
    await by.known.forgetRevoked(events);
  }

  async function load({ known, models }: Process, keyId: string): Promise<void> {
    const keep = known.loading();
    keep(await findCredentials(models, [keyId]));
  }

  /** Looks a key up until it is known by heart. */
  async function learn(by: Process, keyId: string): Promise<void> {
    while (by.known.get(keyId) === undefined) {
      await load(by, keyId);
      await pause(5);
    }
  }

  const leases = ({ models }: Process) => models.db.collection('leases').find({}).toArray();

  it('a key that was looked up once is known from then on', async () => {
    const one = await start();
    const keyId = await createKey(one);
    expect(one.known.get(keyId)).toBeUndefined();
    await learn(one, keyId);
    expect(one.known.get(keyId)).toMatchObject({ keyId, status: 'Active' });
  });

  it('a key that nobody ever issued is looked up each time', async () => {
    const one = await start();
    await learn(one, await createKey(one));
    await load(one, 'nobody');
    expect(one.known.get('nobody')).toBeUndefined();
  });

  it('G2: no process knows a key any more once its revocation is acknowledged', async () => {
    const [one, other] = [await start(), await start()];
    for (let round = 0; round < 10; round += 1) {
      const keyId = await createKey(one);
      await Promise.all([learn(one, keyId), learn(other, keyId)]);
      await revoke(round % 2 === 0 ? one : other, keyId);
      expect([one.known.get(keyId), other.known.get(keyId)]).toEqual([undefined, undefined]);
    }
    expect(await leases(one)).toMatchObject([{ fenced: false }, { fenced: false }]);
  });

  it('G2: what is loaded between a revocation and its write into the documents is not kept', async () => {
    const [one, other] = [await start(), await start()];
    const keyId = await createKey(one);
    await learn(other, keyId);
    const events = await append(one, keyId, keyRevoked({ keyId }));
    while (other.known.get(keyId) !== undefined) await pause(5);
    await load(other, keyId);
    expect(other.known.get(keyId)).toBeUndefined();
    await writeEvents(one.models, events);
    await one.known.forgetRevoked(events);
    await load(other, keyId);
    expect(other.known.get(keyId)?.status).not.toBe('Active');
  });

  it('G2: a process that does not hear of it is not waited for after its lease has run out', async () => {
    const [one, other] = [await start(), await start()];
    const keyId = await createKey(one);
    await learn(other, keyId);
    const lease = { _id: 'of one that was killed' as never, logId: 'another', appliedUpTo: '~' };
    const renewedAt = new Date();
    await one.models.db.collection('leases').insertOne({ ...lease, fenced: false, renewedAt });
    await revoke(one, keyId);
    expect(other.known.get(keyId)).toBeUndefined();
    expect((await leases(one)).map(({ _id }) => _id)).not.toContain('of one that was killed');
  });

  it('G2: a lease that was fenced ends, and what it held is forgotten before the next', async () => {
    const one = await start();
    const keyId = await createKey(one);
    await learn(one, keyId);
    await one.models.db.collection('leases').updateMany({}, { $set: { fenced: true } });
    while (one.failures.length === 0) await pause(5);
    expect(one.known.get(keyId)).toBeUndefined();
    await learn(one, keyId);
    expect(await leases(one)).toMatchObject([{ fenced: false }]);
  });

  it('G2: a process that stood still for as long as a lease answers nothing from memory', async () => {
    const one = await start();
    const keyId = await createKey(one);
    await learn(one, keyId);
    one.aheadMs += LEASE_MS;
    expect(one.known.get(keyId)).toBeUndefined();
    while (one.failures.length === 0) await pause(5);
  });

  it('G2: a database that was lost from sight is looked into anew', async () => {
    const one = await start();
    const keyId = await createKey(one);
    await learn(one, keyId);
    one.models.views.lost();
    expect(one.known.get(keyId)).toBeUndefined();
    await learn(one, keyId);
  });

  it('G2: nothing is known before the others can see that it may be', async () => {
    const one = await start();
    const keyId = await createKey(one);
    let goOn: () => void = () => undefined;
    const adding = jest
      .spyOn(LeaseRegister.prototype, 'add')
      .mockReturnValueOnce(new Promise((resolve) => (goOn = resolve)));
    await load(one, keyId);
    while (adding.mock.calls.length === 0) await pause(5);
    await load(one, keyId);
    expect(one.known.get(keyId)).toBeUndefined();
    goOn();
  });

  it('G2: a process says that it has let go of a key when it has, not before', async () => {
    const [one, other] = [await start(), await start()];
    const keyId = await createKey(one);
    await learn(other, keyId);
    const knownAt = new Map<string, unknown>();
    jest.spyOn(LeaseRegister.prototype, 'applied').mockImplementation((_, position) => {
      knownAt.set(position, other.known.get(keyId));
      return Promise.resolve();
    });
    const revoked = (await append(one, keyId, keyRevoked({ keyId }))).at(-1);
    const position = revoked ? formatPosition(revoked.position) : '';
    while (!knownAt.has(position)) await pause(5);
    expect(knownAt.get(position)).toBeUndefined();
  });

  it('a process stops although the database does not answer any more', async () => {
    const one = await start();
    await learn(one, await createKey(one));
    let goOn: () => void = () => undefined;
    const silent = new Promise<void>((resolve) => (goOn = resolve));
    jest.spyOn(LeaseRegister.prototype, 'remove').mockReturnValueOnce(silent);
    await one.known.close();
    goOn();
    await one.models.db.collection('leases').deleteMany({});
  });

  it('a process that stops takes no new lease for a request that it still answers', async () => {
    const one = await start();
    const keyId = await createKey(one);
    await learn(one, keyId);
    await one.known.close();
    const adding = jest.spyOn(LeaseRegister.prototype, 'add');
    await load(one, keyId);
    await one.known.close();
    expect(adding.mock.calls).toEqual([]);
    expect(one.known.get(keyId)).toBeUndefined();
  });

  it('a process that stops is waited for by nobody', async () => {
    const [one, other] = [await start(), await start()];
    await learn(other, await createKey(one));
    await other.known.close();
    expect(await leases(one)).toEqual([]);
  });
});
