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
  serverUnderTest,
  uniqueStream,
  type ServerUnderTest,
} from './server-under-test.js';

describe('a filtered catch-up subscription', () => {
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
      ['anchors of .NET', streamNameFilter({ regex: `\\A${name}\\-[x\\-]\\z` }), [0, 1, 2]],
      ['the end in .NET', eventTypeFilter({ regex: `TypeA.${name}\\Z` }), [0, 10]],
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
        const again = server.client.subscribeToAll({
          filter: filterOf(() => undefined),
          fromPosition,
        });
        expect(numbersOf(await collect(again, 3))).toEqual([100, 101, 102]);
      }
    });
  });
});
