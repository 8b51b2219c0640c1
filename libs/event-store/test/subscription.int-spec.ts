import { EventStoreDBClient } from '@eventstore/db-client';
import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { BlackHole } from '../../../test/faults/black-hole.js';
import { describeWithOwnEventStore } from '../../../test/support/describe-with.js';
import { BEGINNING, EventLog, subscribeToEvents } from '../src/index.js';
import type { EventBatch, LogPosition, Place, Progress } from '../src/index.js';
import { appendEach, numbered, numbersOf, Stranger } from './events.js';
import { OwnServer, urlOf } from './own-server.js';

const after = ({ commit, prepare }: LogPosition, by: bigint): LogPosition => ({
  commit: commit + by,
  prepare: prepare + by,
});

describeWithOwnEventStore('a subscription', () => {
  let server: OwnServer;
  let log: EventLog;
  let stranger: Stranger;
  let stopping: AbortController;
  let next = 0;
  beforeAll(async () => {
    server = await OwnServer.start();
    log = new EventLog(server.url);
    stranger = new Stranger(server.url);
  });
  beforeEach(() => {
    stopping = new AbortController();
  });
  afterEach(() => {
    stopping.abort();
    jest.restoreAllMocks();
  });
  afterAll(async () => {
    await Promise.all([log.close(), stranger.close()]);
    await server.end();
  });

  const subscribe = (from: Progress, batchSize = 100, to = log) =>
    subscribeToEvents(to, { from, batchSize, signal: stopping.signal });

  /** Appends so many events with the next numbers, each to a stream of its own. */
  async function append(count: number): Promise<number[]> {
    const numbers = Array.from({ length: count }, () => (next += 1));
    await appendEach(log, numbers.map(numbered));
    return numbers;
  }

  /** Reads on until so many events have come. */
  async function take(
    batches: AsyncGenerator<EventBatch, void>,
    count: number,
  ): Promise<EventBatch[]> {
    const taken: EventBatch[] = [];
    for (let left = count; left > 0;) {
      const { value } = await batches.next();
      if (!value) throw new Error('The subscription has ended');
      taken.push(value);
      left -= value.events.length;
    }
    return taken;
  }

  const eventsOf = (batches: readonly EventBatch[]) => batches.flatMap(({ events }) => events);

  /** Reads on until there is nothing more to hand out, and says how far that is. */
  async function searchedUpTo(batches: AsyncGenerator<EventBatch, void>): Promise<Progress> {
    for await (const { events, progress } of batches) {
      if (events.length === 0) return progress;
    }
    throw new Error('The subscription has ended');
  }

  // These two need a log in which Keytrail has written nothing yet.
  it('from the beginning of a log without events hands out the first that comes', async () => {
    const batches = subscribe(BEGINNING);
    const taking = take(batches, 1);
    const numbers = await append(1);
    expect(numbersOf(eventsOf(await taking))).toEqual(numbers);
  });

  it('hands out all of Keytrail’s events in order, with their places, and nobody else’s', async () => {
    const numbers: number[] = [1];
    for (let round = 0; round < 4; round += 1) {
      await stranger.append(40);
      numbers.push(...(await append(5)));
    }
    const events = eventsOf(await take(subscribe(BEGINNING), numbers.length));
    expect(numbersOf(events)).toEqual(numbers);
    for (const event of events) {
      expect(await log.holds({ position: event.position, eventId: event.id })).toBe(true);
    }
    const [first] = events;
    expect(first && (await log.readStream(first.streamName))).toEqual([first]);
  });

  it('goes on behind a batch that was handled, without a gap and without a repeat', async () => {
    const { last } = await log.head(null);
    const numbers = await append(10);
    const some = await take(subscribe({ last, searched: null }, 3), 7);
    expect(Math.max(...some.map(({ events }) => events.length))).toBeLessThanOrEqual(3);
    const handled = eventsOf(some).length;
    const from = some.at(-1)?.progress ?? BEGINNING;
    const more = await append(2);
    const rest = await take(subscribe(from), numbers.length - handled + more.length);
    expect([...numbersOf(eventsOf(some)), ...numbersOf(eventsOf(rest))]).toEqual([
      ...numbers,
      ...more,
    ]);
  });

  it('says after each batch how far it is: the last event in it', async () => {
    const { last } = await log.head(null);
    await append(7);
    for (const { events, progress } of await take(subscribe({ last, searched: null }, 2), 7)) {
      const end = events.at(-1);
      expect(progress).toEqual({
        last: { position: end?.position, eventId: end?.id },
        searched: null,
      });
    }
  });

  it('hands out events as they come', async () => {
    const { last } = await log.head(null);
    const batches = subscribe({ last, searched: null });
    for (let round = 0; round < 10; round += 1) {
      const numbers = await append(1);
      expect(numbersOf(eventsOf(await take(batches, 1)))).toEqual(numbers);
    }
  });

  it.each([1, 31, 200])(
    'moves on past %i events of others by itself, and a resume does not begin before them',
    async (count) => {
      await append(1);
      const { last } = await log.head(null);
      await stranger.append(count);
      const { searched } = await log.head(null);
      const progress = await searchedUpTo(subscribe({ last, searched: null }));
      expect(progress.last?.eventId).toBe(last?.eventId);
      expect(progress.searched?.eventId).toBe(searched?.eventId);
      const begun = jest.spyOn(EventStoreDBClient.prototype, 'subscribeToAll');
      const batches = subscribe(progress);
      const numbers = await append(1);
      expect(numbersOf(eventsOf(await take(batches, 1)))).toEqual(numbers);
      expect(begun.mock.calls[0]?.[0]).toMatchObject({ fromPosition: searched?.position });
    },
  );

  it.each<[string, (searched: Place) => Place]>([
    ['holds another event', (searched) => ({ ...searched, eventId: randomUUID() })],
    [
      'is no place in the log',
      (searched) => ({ ...searched, position: after(searched.position, 1n) }),
    ],
    [
      'is beyond the end',
      (searched) => ({ ...searched, position: after(searched.position, 2n ** 40n) }),
    ],
  ])('begins at its last event when the place it searched up to %s', async (_, goneFrom) => {
    await append(1);
    const { last } = await log.head(null);
    await stranger.append(3);
    const { searched } = await log.head(null);
    if (!searched) throw new Error('Nothing was searched');
    const begun = jest.spyOn(EventStoreDBClient.prototype, 'subscribeToAll');
    const batches = subscribe({ last, searched: goneFrom(searched) });
    const numbers = await append(1);
    expect(numbersOf(eventsOf(await take(batches, 1)))).toEqual(numbers);
    expect(begun.mock.calls[0]?.[0]).toMatchObject({ fromPosition: last?.position });
  });

  it('begins in no log but the one that its beginning was seen in', async () => {
    await append(1);
    const { last } = await log.head(null);
    if (!last) throw new Error('Nothing was appended');
    const places = [
      { ...last, eventId: randomUUID() },
      { ...last, position: after(last.position, 3n) },
      { ...last, position: after(last.position, 2n ** 40n) },
    ];
    const begun = jest.spyOn(EventStoreDBClient.prototype, 'subscribeToAll');
    for (const place of places) {
      const batches = subscribe({ last: place, searched: null });
      await expect(batches.next()).rejects.toMatchObject({ code: 'event_log_mismatch' });
    }
    expect(begun).not.toHaveBeenCalled();
  });

  it('ends at once when it was told to before it began', async () => {
    stopping.abort();
    await expect(subscribe(BEGINNING).next()).resolves.toEqual({ done: true, value: undefined });
  });

  it('ends without an error when it is told to, also while it waits', async () => {
    const { last } = await log.head(null);
    const batches = subscribe({ last, searched: null });
    const waiting = batches.next();
    const numbers = await append(1);
    expect(numbersOf(eventsOf([(await waiting).value as EventBatch]))).toEqual(numbers);
    const ending = batches.next();
    stopping.abort();
    expect(await ending).toEqual({ done: true, value: undefined });
  });

  describe('over a wire that can fall silent', () => {
    let wire: BlackHole;
    let far: EventLog;
    beforeEach(async () => {
      wire = await BlackHole.before(server.port);
      far = new EventLog(urlOf(wire.port));
    });
    afterEach(async () => {
      await far.close();
      await wire.close();
    });

    async function untilQuiet(): Promise<AsyncGenerator<EventBatch, void>> {
      const { last } = await log.head(null);
      const batches = subscribe({ last, searched: null }, 100, far);
      const taking = take(batches, 1);
      await append(1);
      await taking;
      return batches;
    }

    it('fails when events have come that it was not sent', async () => {
      const batches = await untilQuiet();
      wire.swallow();
      const failing = expect(batches.next()).rejects.toThrow();
      await append(1);
      wire.passNewOnes();
      await failing;
    });

    it('fails when nothing is to be learned of the log', async () => {
      const batches = await untilQuiet();
      wire.swallow();
      await expect(batches.next()).rejects.toMatchObject({ code: 'event_log_unavailable' });
    });

    it('ends when it is told to, whether anybody answers or not', async () => {
      const batches = await untilQuiet();
      const ending = batches.next();
      wire.swallow();
      stopping.abort();
      expect(await ending).toMatchObject({ done: true });
    });

    it('fails when its connection is lost, and goes on from its last batch', async () => {
      const { last } = await log.head(null);
      const numbers = await append(2);
      const batches = subscribe({ last, searched: null }, 1, far);
      const [first] = await take(batches, 1);
      await wire.close();
      // What has come already is handed out or not; then it says that it has lost its connection.
      await expect(take(batches, 3)).rejects.toThrow();
      const rest = await take(subscribe(first?.progress ?? BEGINNING), 1);
      expect(numbersOf(eventsOf(rest))).toEqual(numbers.slice(1));
    });
  });

  // The last one: it exchanges the log.
  it('does not go on in a log that took the place of its own', async () => {
    await append(3);
    const { last } = await log.head(null);
    await server.renew();
    const mismatch = { code: 'event_log_mismatch' };
    await expect(subscribe({ last, searched: null }).next()).rejects.toMatchObject(mismatch);
    await append(3);
    await expect(subscribe({ last, searched: null }).next()).rejects.toMatchObject(mismatch);
  });
});
