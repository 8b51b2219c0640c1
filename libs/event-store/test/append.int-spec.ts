import { EventLog } from '../src/index.js';
import {
  appendEach,
  newStream,
  numbered,
  numberedUse,
  numbersOf,
  patiently,
  Stranger,
} from './events.js';
import { anyServer } from './own-server.js';

describe('an append', () => {
  let server: Awaited<ReturnType<typeof anyServer>>;
  let log: EventLog;
  beforeAll(async () => {
    server = await anyServer();
    log = new EventLog(server.url);
  });
  afterAll(async () => {
    await log.close();
    await server.end();
  });

  it('is read back as it was written, with the revision and position it was acknowledged with', async () => {
    const stream = newStream();
    const first = numbered(1);
    const appended = await log.append(stream, [first], 'no_stream', patiently);
    expect(appended.revision).toBe(0n);
    expect(await log.readStream(stream)).toEqual([
      { ...first.event, id: first.id, context: first.context, streamName: stream, ...appended },
    ]);
  });

  it('of several events is answered with the last of them', async () => {
    const stream = newStream();
    const three = [numbered(1), numbered(2), numbered(3)];
    const appended = await log.append(stream, three, 'no_stream', patiently);
    const events = await log.readStream(stream);
    expect(numbersOf(events)).toEqual([1, 2, 3]);
    expect(numbersOf(await log.readStream(stream, 1n))).toEqual([2, 3]);
    expect(await log.readStream(stream, 3n)).toEqual([]);
    expect(events.at(-1)).toMatchObject(appended);
    const next = await log.append(stream, [numbered(4)], appended.revision, patiently);
    expect(next.revision).toBe(3n);
    expect(next.position.commit).toBeGreaterThan(appended.position.commit);
  });

  it('is refused when somebody else wrote first, and writes nothing', async () => {
    const stream = newStream();
    await log.append(stream, [numbered(1), numbered(2)], 'no_stream', patiently);
    const refused = { code: 'wrong_expected_revision' };
    for (const expected of ['no_stream', 0n, 2n] as const) {
      await expect(log.append(stream, [numbered(3)], expected, patiently)).rejects.toMatchObject(
        refused,
      );
    }
    const nobody = log.append(newStream(), [numbered(3)], 0n, patiently);
    await expect(nobody).rejects.toMatchObject(refused);
    expect(numbersOf(await log.readStream(stream))).toEqual([1, 2]);
  });

  it('that is repeated with the same ids is acknowledged as before and writes nothing', async () => {
    const stream = newStream();
    const [one, two] = [[numbered(1), numbered(2)], [numbered(3)]];
    const first = await log.append(stream, one, 'no_stream', patiently);
    await log.append(stream, two, first.revision, patiently);
    expect(await log.append(stream, one, 'no_stream', patiently)).toMatchObject({ revision: 1n });
    expect(numbersOf(await log.readStream(stream))).toEqual([1, 2, 3]);
  });

  it('that is too large is unwritable, and the log goes on', async () => {
    const { data } = numberedUse(1);
    const event = { type: 'KeyUsed', data: { ...data, path: 'x'.repeat(2 ** 21) } } as const;
    const tooLarge = { ...numbered(1), event };
    const stream = newStream();
    const append = log.append(stream, [tooLarge], 'no_stream', patiently);
    await expect(append).rejects.toMatchObject({ code: 'unwritable_event' });
    await log.append(stream, [numbered(1)], 'no_stream', patiently);
    expect(numbersOf(await log.readStream(stream))).toEqual([1]);
  });

  it('to a stream that somebody has deleted says so, and so does a read', async () => {
    const stream = newStream();
    await log.append(stream, [numbered(1)], 'no_stream', patiently);
    const stranger = new Stranger(server.url);
    await stranger.deleteStream(stream);
    await stranger.close();
    const append = log.append(stream, [numbered(2)], 0n, patiently);
    await expect(append).rejects.toMatchObject({ code: 'stream_deleted' });
    await expect(log.readStream(stream)).rejects.toMatchObject({ code: 'event_log_unavailable' });
  });

  it('that is acknowledged without a position, as its events are hidden by now, is not believed', async () => {
    const stream = newStream();
    const events = [numbered(1), numbered(2)];
    await log.append(stream, events, 'no_stream', patiently);
    await log.append(stream, [numbered(3)], 1n, patiently);
    const stranger = new Stranger(server.url);
    await stranger.hideBefore(stream, 2);
    await stranger.close();
    const repeat = log.append(stream, events, 'no_stream', { giveUpAfterMs: 500 });
    await expect(repeat).rejects.toMatchObject({ code: 'event_log_unavailable' });
    expect(numbersOf(await log.readStream(stream))).toEqual([3]);
  });

  it('disturbs no other that is under way', async () => {
    const events = Array.from({ length: 30 }, (_, number) => numbered(number));
    const appends = events.map((event) => log.append(newStream(), [event], 'no_stream', patiently));
    const refused = log.append(newStream(), [numbered(99)], 7n, patiently);
    await expect(refused).rejects.toMatchObject({ code: 'wrong_expected_revision' });
    const positions = (await Promise.all(appends)).map(({ position }) => position.commit);
    expect(new Set(positions).size).toBe(events.length);
  });

  it('stands in the log in the order of acknowledgement', async () => {
    const appended = await appendEach(log, [1, 2, 3].map(numbered));
    const commits = appended.map(({ position }) => position.commit);
    expect(commits).toEqual([...commits].sort((a, b) => Number(a - b)));
  });
});

describe('a read of a stream', () => {
  it('that does not exist gives no events', async () => {
    const server = await anyServer();
    const log = new EventLog(server.url);
    expect(await log.readStream(newStream())).toEqual([]);
    await log.close();
    await server.end();
  });
});
