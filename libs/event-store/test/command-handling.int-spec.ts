import { EventStoreDBClient } from '@eventstore/db-client';
import { jest } from '@jest/globals';
import type { KeyUsed, StreamName } from '@keytrail/domain';
import { randomUUID } from 'node:crypto';
import { BEGINNING, type Decision, EventLog, handleCommand } from '../src/index.js';
import type { CommandResult, Progress, RecordedEvent } from '../src/index.js';
import { context, newStream, numbered, numberedUse, numbersOf, patiently } from './events.js';
import { anyServer } from './own-server.js';

interface Handling {
  readonly decide?: (command: null, numbers: readonly number[]) => Decision<KeyUsed, 'no'>;
  readonly known?: Progress;
}

/** Appends the number after the last one. */
const count = (_: null, numbers: readonly number[]): Decision<KeyUsed, 'no'> => ({
  ok: true,
  events: [numberedUse(numbers.length + 1)],
});

describe('a command', () => {
  let server: Awaited<ReturnType<typeof anyServer>>;
  let log: EventLog;
  let other: EventLog;
  beforeAll(async () => {
    server = await anyServer();
    log = new EventLog(server.url);
    other = new EventLog(server.url);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  afterAll(async () => {
    await Promise.all([log.close(), other.close()]);
    await server.end();
  });

  const handle = (
    streamName: StreamName<'keyUsage'>,
    { decide = count, known = BEGINNING }: Handling = {},
  ): Promise<CommandResult<readonly number[], 'no'>> =>
    handleCommand<null, readonly number[], KeyUsed, 'no'>(
      log,
      {
        streamOf: () => streamName,
        initialState: [],
        fold: (state, events) => [...state, ...numbersOf(events)],
        decide,
      },
      null,
      { known, context: { ...context, causationId: randomUUID() } },
    );

  /** Lets somebody else write between the read and the append of the next so many attempts. */
  function conflict(times: number): void {
    let left = times;
    const read = log.readStream.bind(log);
    jest.spyOn(log, 'readStream').mockImplementation(async (streamName, from) => {
      const history = await read(streamName, from);
      if (left > 0) {
        left -= 1;
        const expected = history.at(-1)?.revision ?? 'no_stream';
        await other.append(
          streamName as StreamName<'keyUsage'>,
          [numbered(history.length + 1)],
          expected,
          patiently,
        );
      }
      return history;
    });
  }

  it('decides on all that is in its stream, and answers with the state that it leaves', async () => {
    const stream = newStream();
    await log.append(stream, [numbered(1), numbered(2)], 'no_stream', patiently);
    const result = await handle(stream);
    const written = await log.readStream(stream);
    expect(numbersOf(written)).toEqual([1, 2, 3]);
    expect(result).toMatchObject({ ok: true, state: [1, 2, 3], stream: { newest: [written[2]] } });
    expect(await result.stream.after('')).toEqual(written);
  });

  it('that causes several events tells each one’s own position', async () => {
    const stream = newStream();
    await log.append(stream, [numbered(1)], 'no_stream', patiently);
    const decide = (): Decision<KeyUsed, 'no'> => ({
      ok: true,
      events: [numberedUse(2), numberedUse(3), numberedUse(4)],
    });
    const result = await handle(stream, { decide });
    const written = await log.readStream(stream);
    expect(result).toMatchObject({ ok: true, state: [1, 2, 3, 4] });
    expect(result.stream.newest).toEqual(written.slice(1));
    expect(await result.stream.after('')).toEqual(written);
  });

  it('that is refused or changes nothing writes nothing', async () => {
    const stream = newStream();
    await log.append(stream, [numbered(1)], 'no_stream', patiently);
    const written: readonly RecordedEvent[] = await log.readStream(stream);
    const refused = await handle(stream, { decide: () => ({ ok: false, code: 'no' }) });
    expect(refused).toMatchObject({ ok: false, code: 'no', stream: { newest: written } });
    const idle = await handle(stream, { decide: () => ({ ok: true, events: [] }) });
    expect(idle).toMatchObject({ ok: true, state: [1], stream: { newest: written } });
    expect(await log.readStream(stream)).toEqual(written);
  });

  it.each([1, 5])('decides anew after %i conflicts', async (conflicts) => {
    const stream = newStream();
    conflict(conflicts);
    expect(await handle(stream)).toMatchObject({ ok: true });
    expect(numbersOf(await log.readStream(stream))).toEqual(
      Array.from({ length: conflicts + 1 }, (_, index) => index + 1),
    );
  });

  it('that meets a conflict each time is given up, and has written nothing', async () => {
    const stream = newStream();
    conflict(Infinity);
    const handling = handle(stream, { decide: () => ({ ok: true, events: [numberedUse(99)] }) });
    await expect(handling).rejects.toMatchObject({ code: 'wrong_expected_revision' });
    jest.restoreAllMocks();
    expect(numbersOf(await log.readStream(stream))).not.toContain(99);
  });

  it('is never told that the log does not answer because others write to its stream', async () => {
    const stream = newStream();
    const outcomes = new Set<unknown>();
    const once = async (): Promise<void> => {
      await handle(stream).then(
        () => outcomes.add('done'),
        (error: unknown) => outcomes.add((error as { code?: unknown }).code),
      );
    };
    const inTurn = async (): Promise<void> => {
      for (let round = 0; round < 25; round += 1) await once();
    };
    await Promise.all([inTurn(), inTurn(), inTurn(), inTurn()]);
    expect(outcomes).toContain('done');
    outcomes.delete('done');
    outcomes.delete('wrong_expected_revision');
    expect([...outcomes]).toEqual([]);
    const written = numbersOf(await log.readStream(stream));
    expect(written).toEqual(written.map((_, index) => index + 1));
  });

  describe('on a stream of 10,000 events', () => {
    const stream = newStream();
    const numbers = Array.from({ length: 10_000 }, (_, index) => index + 1);
    const folded = { times: 0, events: 0 };
    const decider = {
      streamOf: () => stream,
      initialState: 0,
      fold: (state: number, events: readonly RecordedEvent[]) => {
        folded.times += 1;
        folded.events += events.length;
        return state + events.length;
      },
      decide: (event: KeyUsed): Decision<KeyUsed, 'no'> => ({ ok: true, events: [event] }),
    };
    const next = (number: number) =>
      handleCommand<KeyUsed, number, KeyUsed, 'no'>(log, decider, numberedUse(number), {
        known: BEGINNING,
        context: { ...context, causationId: randomUUID() },
      });
    const readsDuring = async (work: () => Promise<unknown>): Promise<number[]> => {
      const reads: number[] = [];
      const read = log.readStream.bind(log);
      const spy = jest.spyOn(log, 'readStream').mockImplementation(async (...which) => {
        const events = await read(...which);
        reads.push(events.length);
        return events;
      });
      await work();
      spy.mockRestore();
      return reads;
    };

    beforeAll(async () => {
      let expected: bigint | 'no_stream' = 'no_stream';
      for (let first = 0; first < numbers.length; first += 500) {
        const events = numbers.slice(first, first + 500).map(numbered);
        ({ revision: expected } = await log.append(stream, events, expected, patiently));
      }
    });

    it('asks for some at a time, so that no call takes long', async () => {
      const read = jest.spyOn(EventStoreDBClient.prototype, 'readStream');
      expect(await log.readStream(stream)).toHaveLength(10_000);
      const counts = read.mock.calls.map(([, options]) => Number(options?.maxCount));
      expect(Math.max(...counts)).toBeLessThanOrEqual(1_000);
    });

    it('reads and folds it once, and then only what is new', async () => {
      expect(await readsDuring(() => next(10_001))).toEqual([10_000]);
      expect(folded).toEqual({ times: 2, events: 10_001 });
      const appended = await other.append(stream, [numbered(10_002)], 10_000n, patiently);
      expect(appended.revision).toBe(10_001n);
      expect(await readsDuring(() => next(10_003))).toEqual([2]);
      expect(folded).toEqual({ times: 4, events: 10_003 });
      const { stream: history } = await next(10_004);
      expect(numbersOf(await history.after(''))).toEqual([
        ...numbers,
        10_001,
        10_002,
        10_003,
        10_004,
      ]);
    });

    it('reads it anew when what it remembers does not stand there', async () => {
      const read = log.readStream.bind(log);
      jest.spyOn(log, 'readStream').mockImplementationOnce(async (...which) => {
        const [first, ...others] = await read(...which);
        return first ? [{ ...first, id: randomUUID() }, ...others] : [];
      });
      folded.events = 0;
      expect(await next(10_005)).toMatchObject({ ok: true, state: 10_005 });
      expect(folded.events).toBe(10_005);
    });
  });

  describe('in a log that is not the known one', () => {
    const mismatch = { code: 'event_log_mismatch' };

    it('is refused, and writes nothing', async () => {
      const stream = newStream();
      const { position } = await log.append(stream, [numbered(1)], 'no_stream', patiently);
      const known = { last: { position, eventId: randomUUID() }, searched: null };
      await expect(handle(stream, { known })).rejects.toMatchObject(mismatch);
      await expect(handle(newStream(), { known })).rejects.toMatchObject(mismatch);
      expect(await log.readStream(stream)).toHaveLength(1);
    });

    it('is refused also when the log is changed only after it was looked at', async () => {
      const stream = newStream();
      const event = numbered(1);
      const { position } = await log.append(stream, [event], 'no_stream', patiently);
      const place = { ...position, commit: position.commit + 2n ** 40n };
      const known = { last: { position: place, eventId: event.id }, searched: null };
      jest.spyOn(log, 'verify').mockResolvedValue();
      await expect(handle(stream, { known })).rejects.toMatchObject(mismatch);
    });
  });
});
