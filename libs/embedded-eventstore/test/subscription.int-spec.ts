import {
  BACKWARDS,
  END,
  eventTypeFilter,
  excludeSystemEvents,
  START,
  streamNameFilter,
  type Filter,
  type Position,
} from '@eventstore/db-client';
import { once } from 'node:events';
import {
  collect,
  numbered,
  numberedFrom,
  numbersOf,
  revisionsOf,
  serverUnderTest,
  uniqueStream,
  type ServerUnderTest,
} from './server-under-test.js';

describe('a catch-up subscription', () => {
  let server: ServerUnderTest;

  beforeAll(async () => {
    server = await serverUnderTest();
  });

  afterAll(async () => {
    await server.stop();
  });

  const append = (stream: string, first: number, count: number) =>
    server.client.appendToStream(stream, numberedFrom(first, count));

  async function positions(stream: string): Promise<Position[]> {
    const entries = await collect(server.client.readStream(stream));
    return entries.flatMap(({ event }) => event?.position ?? []);
  }

  it('hands over from the log to live events without gap or repeat', async () => {
    const stream = uniqueStream('handover');
    await append(stream, 0, 300);
    const subscription = server.client.subscribeToStream(stream);
    const received = collect(subscription, 900);
    for (let first = 300; first < 900; first += 20) await append(stream, first, 20);
    expect(revisionsOf(await received)).toEqual(Array.from({ length: 900 }, (_, n) => BigInt(n)));
  });

  it('resumes $all after every position of a small log', async () => {
    const prefix = uniqueStream('resume');
    for (let n = 0; n < 10; n++) await append(`${prefix}-${n % 3}`, n, 1);
    const filter = streamNameFilter({ prefixes: [prefix] });
    const all = await collect(server.client.subscribeToAll({ filter }), 10);
    for (const [index, { event }] of all.slice(0, -1).entries()) {
      const fromPosition = event?.position ?? START;
      const rest = await collect(server.client.subscribeToAll({ filter, fromPosition }), 9 - index);
      expect(numbersOf(rest)).toEqual(Array.from({ length: 9 - index }, (_, n) => index + 1 + n));
    }
  });

  it('resumes a stream after every revision', async () => {
    const stream = uniqueStream('resume');
    await append(stream, 0, 5);
    for (let revision = 0; revision < 4; revision++) {
      const options = { fromRevision: BigInt(revision) };
      const rest = await collect(server.client.subscribeToStream(stream, options), 4 - revision);
      expect(numbersOf(rest)).toEqual([0, 1, 2, 3, 4].slice(revision + 1));
    }
  });

  it('from the end sees only what is appended later', async () => {
    const stream = uniqueStream('end');
    await append(stream, 0, 3);
    const subscription = server.client.subscribeToStream(stream, { fromRevision: END });
    const received = collect(subscription, 2);
    await once(subscription, 'confirmation');
    await append(stream, 3, 2);
    expect(numbersOf(await received)).toEqual([3, 4]);
  });

  it('waits for a stream that does not exist yet', async () => {
    const stream = uniqueStream('later');
    const subscription = server.client.subscribeToStream(stream);
    const received = collect(subscription, 1);
    await once(subscription, 'confirmation');
    await append(stream, 7, 1);
    expect(numbersOf(await received)).toEqual([7]);
  });

  it('says once that it has caught up', async () => {
    const stream = uniqueStream('caught-up');
    await append(stream, 0, 2);
    const subscription = server.client.subscribeToStream(stream);
    const seen: string[] = [];
    subscription.on('caughtUp', () => seen.push('caught up'));
    subscription.on('data', ({ event }) => seen.push(String(event?.revision)));
    await once(subscription, 'caughtUp');
    await append(stream, 2, 1);
    while (seen.length < 4) await once(subscription, 'data');
    expect(seen).toEqual(['0', '1', 'caught up', '2']);
    await subscription.unsubscribe();
  });

  it('ends with an error when its stream is tombstoned', async () => {
    const stream = uniqueStream('tombstoned');
    await append(stream, 0, 1);
    const subscription = server.client.subscribeToStream(stream);
    const ended = expect(collect(subscription)).rejects.toMatchObject({ type: 'stream-deleted' });
    await once(subscription, 'caughtUp');
    await server.client.tombstoneStream(stream);
    await ended;
  });

  describe('with a filter', () => {
    const name = uniqueStream('filtered');

    beforeAll(async () => {
      for (const [n, type] of ['TypeA', 'TypeB', 'OtherA'].entries()) {
        await server.client.appendToStream(`${name}-x`, numbered(n, `${type}-${name}`));
        await server.client.appendToStream(`${name}-y`, numbered(n + 10, `${type}-${name}`));
      }
      await server.client.setStreamMetadata(`${name}-x`, { maxCount: 100 });
    });

    it.each<[string, Filter, number[]]>([
      ['stream prefixes', streamNameFilter({ prefixes: ['none', `${name}-x`] }), [0, 1, 2]],
      ['a stream regex', streamNameFilter({ regex: `^${name}-[y]$` }), [10, 11, 12]],
      ['type prefixes', eventTypeFilter({ prefixes: [`TypeA-${name}`] }), [0, 10]],
      ['a type regex', eventTypeFilter({ regex: `^Type[AB]-${name}$` }), [0, 10, 1, 11]],
    ])('sends only what matches %s', async (_case, filter, numbers) => {
      const after = await append(`${name}-end`, 99, 1);
      const subscription = server.client.subscribeToAll({ filter });
      const received: unknown[] = [];
      subscription.on('data', (entry) => received.push(...numbersOf([entry])));
      await once(subscription, 'caughtUp');
      expect(after.success).toBe(true);
      expect(received).toEqual(numbers);
      await subscription.unsubscribe();
    });

    it('can leave out system events', async () => {
      const subscription = server.client.subscribeToAll({ filter: excludeSystemEvents() });
      const types: string[] = [];
      subscription.on('data', ({ event }) => types.push(event?.type ?? ''));
      await once(subscription, 'caughtUp');
      expect(types.filter((type) => type.startsWith('$'))).toEqual([]);
      expect(types).toContain(`OtherA-${name}`);
      await subscription.unsubscribe();
    });

    it('has metadata events in $all without one', async () => {
      const last = { direction: BACKWARDS, fromPosition: END, maxCount: 50 } as const;
      const entries = await collect(server.client.readAll(last));
      expect(entries.map(({ event }) => event?.streamId)).toContain(`$$${name}-x`);
    });
  });

  describe('checkpoints', () => {
    it('come after every so many events looked at, and lose nothing when resumed from', async () => {
      const prefix = uniqueStream('checkpoints');
      await append(`${prefix}-passed`, 0, 100);
      await append(`${prefix}-taken`, 100, 3);
      const taken = await positions(`${prefix}-taken`);
      const [start] = await positions(`${prefix}-passed`);
      const checkpoints: Position[] = [];
      const filterOf = (checkpointReached: (position: Position) => void) =>
        streamNameFilter({
          prefixes: [`${prefix}-taken`],
          maxSearchWindow: 5,
          checkpointInterval: 2,
          checkpointReached: (_subscription, position) => {
            checkpointReached(position);
            return Promise.resolve();
          },
        });
      const filter = filterOf((position) => checkpoints.push(position));
      const first = server.client.subscribeToAll({ filter, fromPosition: start ?? START });
      expect(numbersOf(await collect(first, 3))).toEqual([100, 101, 102]);
      expect(checkpoints.length).toBeGreaterThanOrEqual(9);
      const [firstTaken] = taken;
      for (const fromPosition of checkpoints) {
        if (!firstTaken || fromPosition.commit >= firstTaken.commit) continue;
        const again = server.client.subscribeToAll({ filter, fromPosition });
        expect(numbersOf(await collect(again, 3))).toEqual([100, 101, 102]);
      }
    });

    it('reach the end of the log although nothing matches', async () => {
      const stream = uniqueStream('never');
      await append(stream, 0, 3);
      const last = (await positions(stream)).at(-1);
      const reached = await new Promise<Position>((resolve) => {
        const subscription = server.client.subscribeToAll({
          filter: streamNameFilter({
            prefixes: [uniqueStream('nothing')],
            checkpointInterval: 1000,
            checkpointReached: async (_subscription, position) => {
              if (position.commit < (last?.commit ?? 0n)) return;
              await subscription.unsubscribe();
              resolve(position);
            },
          }),
        });
        subscription.resume();
      });
      expect(reached.commit).toBeGreaterThanOrEqual(last?.commit ?? 0n);
    });
  });
});
