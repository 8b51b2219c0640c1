import { BACKWARDS, EventStoreDBClient } from '@eventstore/db-client';
import { jest } from '@jest/globals';
import type { EmbeddedEventStore } from '@keytrail/embedded-eventstore';
import { EventLog } from '../src/index.js';
import { newStream, numbered, numbersOf, patiently } from './events.js';
import { anyServer, embeddedServer } from './own-server.js';

async function all<Entry>(entries: AsyncIterable<Entry>): Promise<Entry[]> {
  const found: Entry[] = [];
  for await (const entry of entries) found.push(entry);
  return found;
}

/** A read that gives other entries than its own. */
const iterating = <Read extends AsyncIterable<unknown>>(
  read: Read,
  entries: () => Promise<readonly unknown[]>,
): Read =>
  Object.assign(read, {
    [Symbol.asyncIterator]: async function* () {
      yield* await entries();
    },
  });

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
    for (let first = 0; first < 300; first += 100) {
      const events = Array.from({ length: 100 }, (_, index) => numbered(first + index));
      ({ revision: expected } = await log.append(stream, events, expected, patiently));
    }
    expect(numbersOf(await log.readStream(stream))).toEqual(
      Array.from({ length: 300 }, (_, n) => n),
    );
  });

  it('is not refused because somebody writes at the same time', async () => {
    const stream = newStream();
    await log.append(stream, [numbered(1)], 'no_stream', patiently);
    const client = log.connect();
    const read = client.readStream.bind(client);
    let reading: Promise<unknown> = Promise.resolve();
    jest.spyOn(EventStoreDBClient.prototype, 'readStream').mockImplementation((name, options) => {
      if (options?.direction !== BACKWARDS) {
        const events = all(read(name, options));
        reading = events;
        return iterating(read(name, { maxCount: 1 }), () => events);
      }
      // Its end is asked for only when somebody has written after the events were read.
      return iterating(read(name, options), async () => {
        await reading;
        await log.append(stream, [numbered(2)], 0n, patiently);
        return all(read(name, options));
      });
    });
    const events = await log.readStream(stream);
    expect(numbersOf(events)).toEqual([1, 2]);
    await client.dispose();
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
