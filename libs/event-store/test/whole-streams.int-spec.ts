import { BACKWARDS, EventStoreDBClient } from '@eventstore/db-client';
import { jest } from '@jest/globals';
import type { EmbeddedEventStore } from '@keytrail/embedded-eventstore';
import { EventLog } from '../src/index.js';
import { newStream, numbered, numbersOf, patiently } from './events.js';
import { anyServer, embeddedServer } from './own-server.js';

describe('a read of a stream', () => {
  let server: Awaited<ReturnType<typeof anyServer>>;
  let log: EventLog;
  beforeAll(async () => {
    server = await anyServer();
    log = new EventLog(server.url);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  afterAll(async () => {
    await log.close();
    await server.end();
  });

  it('gives all of a long one in order', async () => {
    const stream = newStream();
    let expected: bigint | 'no_stream' = 'no_stream';
    for (let first = 0; first < 600; first += 300) {
      const events = Array.from({ length: 300 }, (_, index) => numbered(first + index));
      ({ revision: expected } = await log.append(stream, events, expected, patiently));
    }
    expect(numbersOf(await log.readStream(stream))).toEqual(
      Array.from({ length: 600 }, (_, n) => n),
    );
  });

  it('is not refused because somebody writes at the same time', async () => {
    const stream = newStream();
    await log.append(stream, [numbered(1)], 'no_stream', patiently);
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with a `this` of its own
    const readStream = EventStoreDBClient.prototype.readStream;
    let write: Promise<unknown> | undefined;
    jest.spyOn(EventStoreDBClient.prototype, 'readStream').mockImplementation(function (
      this: EventStoreDBClient,
      name,
      options,
    ) {
      const reading = readStream.call(this, name, options);
      if (options?.direction !== BACKWARDS) return reading;
      // Its end is asked for only when somebody has written after the events were read.
      return Object.assign(reading, {
        [Symbol.asyncIterator]: async function* (client: EventStoreDBClient) {
          write ??= log.append(stream, [numbered(2)], 0n, patiently);
          await write;
          yield* readStream.call(client, name, options);
        }.bind(undefined, this),
      });
    });
    const events = await log.readStream(stream);
    await write;
    expect([1, 2].slice(0, events.length)).toEqual(numbersOf(events));
  });
});

describe('a read of a stream that the server ends too early', () => {
  let server: EmbeddedEventStore;
  let log: EventLog;
  beforeAll(async () => {
    server = await embeddedServer();
    log = new EventLog(server.url);
  });
  afterAll(async () => {
    await log.close();
    await server.close();
  });

  it('is refused rather than answered with a part', async () => {
    const stream = newStream();
    const events = Array.from({ length: 9 }, (_, index) => numbered(index));
    await log.append(stream, events, 'no_stream', patiently);
    server.play({ endReadsAfter: 4 });
    await expect(log.readStream(stream)).rejects.toMatchObject({ code: 'event_log_unavailable' });
    server.play({});
    expect(await log.readStream(stream)).toHaveLength(9);
  });
});
