import {
  EventStoreDBClient,
  NotLeaderError,
  START,
  streamNameFilter,
  type Position,
} from '@eventstore/db-client';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedEventStore, type EmbeddedEventStore, type Plays } from '../src/index.js';
import { BatchCall } from './contract/batch-call.js';
import { RawClient } from './contract/raw-client.js';
import {
  collect,
  numbered,
  numberedFrom,
  numbersOf,
  PLAIN_APPEND,
  uniqueStream,
  until,
} from './contract/server-under-test.js';

describe('an embedded server that plays', () => {
  let dataDir: string;
  let server: EmbeddedEventStore;
  let client: EventStoreDBClient;
  let stream: string;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'event-store-'));
    server = await startEmbeddedEventStore({ dataDir, port: 0 });
    client = EventStoreDBClient.connectionString(server.url);
    stream = uniqueStream();
  });

  afterEach(async () => {
    await client.dispose();
    await server.close();
    await rm(dataDir, { recursive: true });
  });

  const read = (by = client) => collect(by.readStream(stream));

  describe('a demoted leader', () => {
    it('answers reads without the newest events until it is healed', async () => {
      await client.appendToStream(stream, numberedFrom(0, 5));
      server.play({ follower: { behindEvents: 2 } });
      expect(numbersOf(await read())).toEqual([0, 1, 2]);
      const all = await collect(client.readAll({ direction: 'backwards', fromPosition: 'end' }));
      expect(numbersOf(all.slice(0, 1))).toEqual([2]);
      server.play({});
      expect(numbersOf(await read())).toEqual([0, 1, 2, 3, 4]);
    });

    it('does not know yet what was hidden, deleted or closed', async () => {
      await client.appendToStream(stream, numberedFrom(0, 5));
      await client.setStreamMetadata(stream, { maxCount: 3 });
      await client.setStreamMetadata(stream, { maxCount: 1 });
      server.play({ follower: { behindEvents: 1 } });
      expect(numbersOf(await read())).toEqual([2, 3, 4]);
      await client.deleteStream(stream);
      expect(numbersOf(await read())).toEqual([4]);
      await client.tombstoneStream(stream);
      await expect(read()).rejects.toMatchObject({ type: 'stream-not-found' });
      server.play({});
      await expect(read()).rejects.toMatchObject({ type: 'stream-deleted' });
    });

    it('forwards appends', async () => {
      server.play({ follower: { behindEvents: 100 } });
      await client.appendToStream(stream, numbered(0));
      await expect(read()).rejects.toMatchObject({ type: 'stream-not-found' });
      server.play({});
      expect(numbersOf(await read())).toEqual([0]);
    });

    it.each<[string, (by: EventStoreDBClient) => Promise<unknown>]>([
      ['a read', (by) => collect(by.readStream(stream, { requiresLeader: true }))],
      ['an append', (by) => by.appendToStream(stream, numbered(1), { requiresLeader: true })],
      [
        'a plain append',
        (by) => by.appendToStream(stream, numbered(1), { requiresLeader: true, ...PLAIN_APPEND }),
      ],
      ['a deletion', (by) => by.deleteStream(stream, { requiresLeader: true })],
    ])('refuses %s that needs the leader, and names it', async (_case, call) => {
      await client.appendToStream(stream, numbered(0));
      server.play({ follower: { leader: { host: '127.0.0.1', port: 1234 } } });
      const other = EventStoreDBClient.connectionString(server.url);
      const error: unknown = await call(other).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(NotLeaderError);
      expect(error).toMatchObject({ leader: { address: '127.0.0.1', port: 1234 } });
      await other.dispose();
      server.play({});
      expect(numbersOf(await read())).toEqual([0]);
    });

    it('says that it knows none, if so', async () => {
      server.play({ follower: {} });
      const raw = new RawClient(server.url);
      expect(await raw.read({ count: 1, requiresLeader: true })).toMatchObject({
        code: 2,
        details: 'No leader info available in response',
      });
      raw.close();
    });

    it('leads a client to the leader of the same log', async () => {
      const leader = await server.addNode();
      server.play({ follower: { behindEvents: 3, leader } });
      const options = { requiresLeader: true };
      const writer = EventStoreDBClient.connectionString(leader.url);
      await writer.appendToStream(stream, numberedFrom(0, 3));
      await writer.dispose();
      await expect(collect(client.readStream(stream, options))).rejects.toThrow(NotLeaderError);
      expect(numbersOf(await collect(client.readStream(stream, options)))).toEqual([0, 1, 2]);
    });

    it('gets to know by and by what is younger than it is behind', async () => {
      server.play({ follower: { behindMs: 300 } });
      await client.appendToStream(stream, numbered(0));
      await expect(read()).rejects.toMatchObject({ type: 'stream-not-found' });
      expect(numbersOf(await collect(client.subscribeToStream(stream), 1))).toEqual([0]);
    });

    it('serves its subscribers what it knows', async () => {
      await client.appendToStream(stream, numberedFrom(0, 2));
      server.play({ follower: { behindEvents: 1 } });
      const received: unknown[] = [];
      const subscription = client.subscribeToStream(stream);
      subscription.on('data', (entry) => received.push(...numbersOf([entry])));
      await until(() => received.length === 1);
      await client.appendToStream(stream, numberedFrom(2, 1));
      await until(() => received.length === 2);
      server.play({});
      await until(() => received.length === 3);
      expect(received).toEqual([0, 1, 2]);
      await subscription.unsubscribe();
    });
  });

  describe('a server with another clock', () => {
    it('that is ahead refuses what is in time for the client', async () => {
      server.play({ clockOffsetMs: 1600 });
      const call = new BatchCall(server.url);
      const event = { id: '3d7a5f1e-0b0c-4a39-8a86-6f3c8a3c1d11', type: 'Counted' };
      call.send({ stream, events: [event], deadline: { at: 1500 } });
      call.send({ stream, events: [event], deadline: { in: 1500 } });
      expect(await call.answers(2)).toEqual(['Timeout', 'revision 0']);
      call.close();
    });

    it('dates events by it', async () => {
      server.play({ clockOffsetMs: -3_600_000 });
      await client.appendToStream(stream, numbered(0));
      const [entry] = await read();
      const age = Date.now() - (entry?.event?.created.getTime() ?? 0);
      expect(age).toBeGreaterThan(3_500_000);
    });
  });

  describe('checkpoints', () => {
    async function sent(plays: Plays, before: number, live: number): Promise<unknown[]> {
      server.play(plays);
      const seen: unknown[] = [];
      const append = async (count: number) => {
        for (let n = 0; n < count; n++) await client.appendToStream('foreign', numbered(n));
      };
      await append(before);
      const filter = streamNameFilter({
        prefixes: [stream],
        checkpointInterval: 1,
        checkpointReached: (_subscription, { commit }: Position) => {
          seen.push(commit);
          return Promise.resolve();
        },
      });
      const subscription = client.subscribeToAll({ fromPosition: START, filter });
      subscription.on('caughtUp', () => seen.push('caughtUp'));
      subscription.on('data', () => seen.push('event'));
      await until(() => seen.includes('caughtUp'));
      await append(live);
      await client.appendToStream(stream, numbered(0));
      await until(() => seen.includes('event'));
      await subscription.unsubscribe();
      return seen;
    }

    it('withheld altogether', async () => {
      expect(await sent({ checkpoints: 'none' }, 100, 40)).toEqual(['caughtUp', 'event']);
    });

    it('of 24.10.4: the largest number in a log without a match, and none after it', async () => {
      const max = 2n ** 64n - 1n;
      const old = { checkpoints: '24.10.4' } as const;
      expect(await sent(old, 0, 80)).toEqual([max, 'caughtUp', 'event']);
    });

    it('of 24.10.4: the last full window when caught up', async () => {
      const seen = await sent({ checkpoints: '24.10.4' }, 40, 0);
      expect(seen).toEqual([0n, 'caughtUp', 'event']);
    });

    it('of 24.10.14 otherwise', async () => {
      const [first, second, third] = await sent({}, 40, 0);
      expect([first, third]).toEqual([0n, 'caughtUp']);
      expect(second).toBeGreaterThan(0n);
    });
  });

  it('one that ends reads of a stream as if it had no more', async () => {
    await client.appendToStream(stream, numberedFrom(0, 9));
    server.play({ endReadsAfter: 4 });
    expect(numbersOf(await read())).toEqual([0, 1, 2, 3]);
    server.play({});
    expect(await read()).toHaveLength(9);
  });
});
