import {
  BACKWARDS,
  binaryEvent,
  END,
  EventStoreDBClient,
  FORWARDS,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import {
  collect,
  itUnlessExternalServer,
  numbered,
  numberedFrom,
  numbersOf,
  PLAIN_APPEND,
  revisionsOf,
  serverUnderTest,
  uniqueStream,
  type ServerUnderTest,
} from './server-under-test.js';

describe('reading', () => {
  let server: ServerUnderTest;
  let stream: string;

  beforeAll(async () => {
    server = await serverUnderTest();
    stream = uniqueStream();
    await server.client.appendToStream(stream, numberedFrom(0, 5));
  });

  afterAll(async () => {
    await server.stop();
  });

  it.each([
    [FORWARDS, START, 2, [0, 1]],
    [FORWARDS, 3n, 10, [3, 4]],
    [FORWARDS, 5n, 10, []],
    [FORWARDS, END, 10, []],
    [BACKWARDS, END, 2, [4, 3]],
    [BACKWARDS, 1n, 10, [1, 0]],
    [BACKWARDS, 99n, 1, [4]],
    [BACKWARDS, START, 10, [0]],
  ] as const)(
    'reads a stream %s from %s, %i at most',
    async (direction, from, maxCount, numbers) => {
      const options = { direction, fromRevision: from, maxCount };
      const entries = await collect(server.client.readStream(stream, options));
      expect(numbersOf(entries)).toEqual(numbers);
    },
  );

  it('reports a missing stream', async () => {
    const missing = uniqueStream();
    await expect(collect(server.client.readStream(missing))).rejects.toMatchObject({
      type: 'stream-not-found',
    });
  });

  itUnlessExternalServer.each<
    [string, (client: EventStoreDBClient, name: string) => Promise<unknown>]
  >([
    ['a read', (client, name) => collect(client.readStream(name))],
    ['a subscription', (client, name) => collect(client.subscribeToStream(name))],
    ['a deletion', (client, name) => client.deleteStream(name)],
    ['a tombstone', (client, name) => client.tombstoneStream(name)],
    ['an append', (client, name) => client.appendToStream(name, numbered(0), PLAIN_APPEND)],
  ])('refuses %s without the name of a stream', async (_case, access) => {
    await expect(access(server.client, '')).rejects.toMatchObject({ code: 3 });
    await expect(access(server.client, '$$')).rejects.toMatchObject({ code: 3 });
  });

  it('has all events in $all in the order in which they were appended', async () => {
    const streams = [uniqueStream('order-a'), uniqueStream('order-b')];
    const from = await endOfLog();
    for (let n = 0; n < 6; n++) {
      await server.client.appendToStream(streams[n % 2] ?? '', numbered(n));
    }
    const entries = (await collect(server.client.readAll({ fromPosition: from }))).filter(
      ({ event }) => streams.includes(event?.streamId ?? ''),
    );
    expect(numbersOf(entries)).toEqual([0, 1, 2, 3, 4, 5]);
    const positions = entries.map(({ event }) => event?.position.commit ?? 0n);
    expect(positions).toEqual([...positions].sort((a, b) => (a < b ? -1 : 1)));
    expect(new Set(positions).size).toBe(6);
  });

  it('reads $all from a position: forwards with its event, backwards without', async () => {
    const own = uniqueStream('position');
    await server.client.appendToStream(own, numberedFrom(0, 3));
    const [, middle] = await collect(server.client.readStream(own));
    const fromPosition = middle?.event?.position ?? START;
    const forwards = await collect(server.client.readAll({ fromPosition, maxCount: 2 }));
    const backwards = await collect(
      server.client.readAll({ fromPosition, direction: BACKWARDS, maxCount: 1 }),
    );
    expect(numbersOf(forwards)).toEqual([1, 2]);
    expect(numbersOf(backwards)).toEqual([0]);
  });

  it('returns binary events and their metadata as bytes', async () => {
    const own = uniqueStream('binary');
    const bytes = Uint8Array.from([0, 255, 1, 2]);
    await server.client.appendToStream(
      own,
      binaryEvent({ type: 'Raw', data: bytes, metadata: bytes }),
    );
    const [entry] = await collect(server.client.readStream(own));
    expect(Buffer.from((entry?.event?.data ?? []) as Uint8Array)).toEqual(Buffer.from(bytes));
  });

  it('resolves links', async () => {
    const own = uniqueStream('links');
    const link = binaryEvent({ type: '$>', data: Buffer.from(`3@${stream}`) });
    await server.client.appendToStream(own, link);
    const [entry] = await collect(server.client.readStream(own, { resolveLinkTos: true }));
    expect(entry?.event).toMatchObject({ streamId: stream, revision: 3n, data: { n: 3 } });
    expect(entry?.link).toMatchObject({ streamId: own, revision: 0n, type: '$>' });
  });

  it('pages through a long stream in both directions', async () => {
    const long = uniqueStream('long');
    await server.client.appendToStream(long, numberedFrom(0, 1000));
    const revisions = Array.from({ length: 1000 }, (_, n) => BigInt(n));
    expect(revisionsOf(await collect(server.client.readStream(long)))).toEqual(revisions);
    const backwards = await collect(
      server.client.readStream(long, { direction: BACKWARDS, fromRevision: END }),
    );
    expect(revisionsOf(backwards)).toEqual(revisions.reverse());
  });

  itUnlessExternalServer('answers with UNIMPLEMENTED what it does not serve', async () => {
    const toUnserved = server.client.createProjection(uniqueStream(), 'fromAll()');
    await expect(toUnserved).rejects.toMatchObject({ code: 12 });
    const subscription = server.client.subscribeToPersistentSubscriptionToStream(stream, 'group');
    await expect(collect(subscription)).rejects.toMatchObject({ code: 12 });
  });

  it('refuses a filter whose regular expression cannot be compiled', async () => {
    const subscription = server.client.subscribeToAll({ filter: streamNameFilter({ regex: '(' }) });
    await expect(collect(subscription)).rejects.toBeDefined();
  });

  async function endOfLog() {
    const [last] = await collect(
      server.client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }),
    );
    return last?.event?.position ?? START;
  }
});
