import { LOG_STREAM } from '@keytrail/domain';
import { randomUUID } from 'node:crypto';
import { describeWithOwnEventStore } from '../../../test/support/describe-with.js';
import { BEGINNING, EventLog, subscribeToEvents } from '../src/index.js';
import { appendEach, newStream, numbered, patiently, Stranger } from './events.js';
import { OwnServer } from './own-server.js';

describeWithOwnEventStore('a log', () => {
  let server: OwnServer;
  let log: EventLog;
  let other: EventLog;
  // In the order of these tests: the first needs a new log, the last ones exchange and restart it.
  beforeAll(async () => {
    server = await OwnServer.start();
    log = new EventLog(server.url);
    other = new EventLog(server.url);
  });
  afterAll(async () => {
    await Promise.all([log.close(), other.close()]);
    await server.end();
  });

  it('is told who it is once, whoever asks and however many at once', async () => {
    const asked = await Promise.all([log.open(), other.open(), log.open(), other.open()]);
    expect(new Set(asked.map(({ logId }) => logId)).size).toBe(1);
    expect(await log.open()).toEqual(asked[0]);
    expect(await log.readStream(LOG_STREAM)).toHaveLength(1);
    const signal = new AbortController().signal;
    const batches = subscribeToEvents(log, { from: BEGINNING, batchSize: 10, signal });
    const { value } = await batches.next();
    expect(value).toMatchObject({ events: [{ type: 'LogOpened', data: asked[0] }] });
    await batches.return();
  });

  it('is proven to take appends without a further event', async () => {
    await log.open();
    const { last } = await log.head(null);
    await Promise.all([log.proveWritable(), other.proveWritable(), other.proveWritable()]);
    expect(await log.head(null)).toMatchObject({ last });
    expect(await log.readStream(LOG_STREAM)).toHaveLength(1);
  });

  it('holds an event at its own position only', async () => {
    const event = numbered(1);
    const [appended] = await appendEach(log, [event, numbered(2)]);
    const { commit, prepare } = appended?.position ?? { commit: 0n, prepare: 0n };
    const holds = (position: { commit: bigint; prepare: bigint }, eventId = event.id) =>
      log.holds({ position, eventId });
    expect(await holds({ commit, prepare })).toBe(true);
    expect(await holds({ commit, prepare }, randomUUID())).toBe(false);
    for (const by of [1n, 7n, 2n ** 40n]) {
      expect(await holds({ commit: commit + by, prepare: prepare + by })).toBe(false);
    }
    expect(await holds({ commit: 0n, prepare: 0n })).toBe(false);
  });

  it('knows the newest of Keytrail’s events up to a position, and none where no event stands', async () => {
    const stranger = new Stranger(server.url);
    const event = numbered(1);
    const [appended] = await appendEach(log, [event]);
    await stranger.append(3);
    const { searched } = await log.head(null);
    await appendEach(log, [numbered(2)]);
    if (!appended || !searched) throw new Error('Nothing was appended');
    const { position } = appended;
    expect(await log.lastUpTo(position)).toMatchObject({ eventId: event.id, position });
    expect(await log.lastUpTo(searched.position)).toMatchObject({ eventId: event.id });
    const between = { commit: position.commit + 1n, prepare: position.prepare + 1n };
    expect(await log.lastUpTo(between)).toBeNull();
    await stranger.close();
  });

  it('tells its server’s version', async () => {
    expect(await log.serverVersion()).toMatch(/^\d+\.\d+\.\d+|unknown/);
  });

  it('is read from and appended to again after its server was started anew', async () => {
    const stream = newStream();
    await log.append(stream, [numbered(1)], 'no_stream', patiently);
    await server.stop();
    const reading = log.readStream(stream);
    await expect(reading).rejects.toMatchObject({ code: 'event_log_unavailable' });
    const appending = log.append(stream, [numbered(2)], 0n, { giveUpAfterMs: 50_000 });
    await server.start();
    expect(await appending).toMatchObject({ revision: 1n });
    expect(await log.readStream(stream)).toHaveLength(2);
  });

  it('that takes no appends is found out by the proof', async () => {
    await server.stop();
    const proving = new EventLog(server.url);
    await expect(proving.proveWritable()).rejects.toMatchObject({ code: 'event_log_unavailable' });
    await server.start();
    await proving.proveWritable();
    await proving.close();
  });

  it('that takes the place of another is told from it', async () => {
    const before = await log.open();
    const event = numbered(1);
    const [appended] = await appendEach(log, [event]);
    const place = {
      position: appended?.position ?? { commit: 0n, prepare: 0n },
      eventId: event.id,
    };
    expect(await log.holds(place)).toBe(true);
    await server.renew();
    expect(await log.holds(place)).toBe(false);
    const verifying = log.verify({ last: place, searched: null });
    await expect(verifying).rejects.toMatchObject({ code: 'event_log_mismatch' });
    expect(await log.open()).not.toEqual(before);
  });
});
