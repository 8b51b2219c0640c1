import { AccessDeniedError, EventStoreDBClient } from '@eventstore/db-client';
import { jest } from '@jest/globals';
import { BEGINNING, EventLog, subscribeToEvents } from '../src/index.js';
import { newStream, numbered, patiently, useTwice } from './events.js';
import { type Ending, RefusingServer } from './refusing-server.js';

const UNAUTHENTICATED = 16;
const PERMISSION_DENIED = 7;
const accessDenied = { trailers: { exception: 'access-denied' } };

describe('a server that refuses', () => {
  let server: RefusingServer;
  let log: EventLog;
  afterEach(async () => {
    await log.close();
    await server.close();
  });

  async function open(ending: Ending): Promise<void> {
    server = await RefusingServer.start(ending);
    log = new EventLog(server.url);
  }
  const append = () => log.append(newStream(), [numbered(1)], 'no_stream', patiently);

  describe.each<[string, Ending, RegExp]>([
    [
      'the user or password',
      { code: UNAUTHENTICATED, message: 'Bad credentials' },
      /does not accept the user or password of EVENTSTOREDB_URL: .*Bad credentials/,
    ],
    [
      'the right to do so',
      { code: PERMISSION_DENIED, message: 'Access Denied', ...accessDenied },
      /refuses the user of EVENTSTOREDB_URL this access.*Access Denied/,
    ],
    [
      'the right to do so, without naming the exception',
      { code: PERMISSION_DENIED, message: 'Access Denied' },
      /refuses the user of EVENTSTOREDB_URL this access/,
    ],
  ])('%s', (_, ending, sentence) => {
    beforeEach(() => open(ending));
    const refused = {
      code: 'event_log_unavailable',
      message: expect.stringMatching(sentence) as unknown,
    };

    it('is told for what it is at once, and never blamed on the event', async () => {
      await expect(append()).rejects.toMatchObject(refused);
      expect(server.appends).toBe(1);
    });

    it('is told of reads and of the head too', async () => {
      await expect(log.readStream(newStream())).rejects.toMatchObject(refused);
      await expect(log.head(null)).rejects.toMatchObject(refused);
      await expect(log.proveWritable()).rejects.toMatchObject(refused);
    });

    it('is told of commands', async () => {
      await expect(useTwice(log, newStream())).rejects.toMatchObject(refused);
    });
  });

  it('the right to append to a stream among others that may be appended to', async () => {
    await open({ code: 0 });
    // Such an answer on the stream of appends has no status of its own.
    jest
      .spyOn(EventStoreDBClient.prototype, 'appendToStream')
      .mockRejectedValueOnce(new AccessDeniedError());
    await expect(append()).rejects.toMatchObject({
      code: 'event_log_unavailable',
      message: expect.stringContaining(
        'refuses the user of EVENTSTOREDB_URL this access',
      ) as unknown,
    });
    jest.restoreAllMocks();
  });

  it('in a way that nobody knows is asked three times, and no more', async () => {
    await open({ code: 2, message: 'Something new' });
    await expect(append()).rejects.toMatchObject({
      code: 'event_log_unavailable',
      message: expect.stringContaining('Something new') as unknown,
    });
    expect(server.appends).toBe(3);
  });

  it.each([
    ['is starting', { code: 2, message: 'Server Is Not Ready' }],
    ['is stopping', { code: 13, message: 'Received RST_STREAM with code 0' }],
    ['is gone', { code: 14, message: 'Unavailable' }],
    ['was cancelled', { code: 1, message: 'Cancelled' }],
  ])('because it %s is asked for as long as one likes', async (_, ending) => {
    await open(ending);
    const appending = log.append(newStream(), [numbered(1)], 'no_stream', { giveUpAfterMs: 1_000 });
    await expect(appending).rejects.toMatchObject({ code: 'event_log_unavailable' });
    expect(server.appends).toBeGreaterThan(3);
  });

  it.each<[string, Ending]>([
    ['an argument', { code: 3, message: 'Bad request' }],
    [
      'its metadata',
      {
        code: 2,
        trailers: {
          exception: 'missing-required-metadata-property',
          'required-metadata-properties': 'type',
        },
      },
    ],
    [
      'its size',
      {
        code: 2,
        trailers: { exception: 'maximum-append-size-exceeded', 'maximum-append-size': '1048576' },
      },
    ],
  ])('because of the event itself is asked once: %s', async (_, ending) => {
    await open(ending);
    await expect(append()).rejects.toMatchObject({ code: 'unwritable_event' });
    expect(server.appends).toBe(1);
  });

  it.each<[string, Ending]>([
    ['that it is gone', { code: 14, message: 'Unavailable' }],
    ['that it resets its streams', { code: 13, message: 'Received RST_STREAM with code 2' }],
    ['something that nobody knows', { code: 2, message: 'Something new' }],
  ])('to say what it can do, but says %s, is asked again', async (_, ending) => {
    await open({ code: PERMISSION_DENIED, message: 'Access Denied', ...accessDenied });
    server.featureEndings.push(ending, ending);
    await expect(append()).rejects.toThrow('Access Denied');
    expect(server.featureEndings).toEqual([]);
    expect(server.appends).toBe(1);
  });

  it('to say what it can do because it is gone is asked for as long as one likes', async () => {
    await open({ code: PERMISSION_DENIED, message: 'Access Denied', ...accessDenied });
    server.featureEndings.push(...Array<Ending>(6).fill({ code: 14, message: 'Unavailable' }));
    await expect(append()).rejects.toThrow('Access Denied');
  });

  it('ends a subscription with the reason', async () => {
    await open({ code: PERMISSION_DENIED, message: 'Access Denied', ...accessDenied });
    const batches = subscribeToEvents(log, {
      ...{ from: BEGINNING, batchSize: 10, signal: new AbortController().signal },
    });
    await expect(batches.next()).rejects.toThrow(/denied/i);
  });
});
