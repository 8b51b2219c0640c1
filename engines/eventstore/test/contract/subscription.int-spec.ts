import { END, START, streamNameFilter } from '@eventstore/db-client';
import { once } from 'node:events';
import {
  collect,
  numberedFrom,
  numbersOf,
  revisionsOf,
  serverUnderTest,
  uniqueStream,
  until,
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

  it('hands over from the log to live events without gap or repeat', async () => {
    const stream = uniqueStream('handover');
    await append(stream, 0, 300);
    const subscription = server.client.subscribeToStream(stream);
    const received = collect(subscription, 900);
    for (let first = 300; first < 900; first += 20) await append(stream, first, 20);
    expect(revisionsOf(await received)).toEqual(Array.from({ length: 900 }, (_, n) => BigInt(n)));
  });

  it('hands over from $all to live events without gap or repeat', async () => {
    const prefix = uniqueStream('handover-all');
    await append(`${prefix}-0`, 0, 300);
    const filter = streamNameFilter({ prefixes: [prefix] });
    const received = collect(server.client.subscribeToAll({ filter }), 400);
    for (let n = 300; n < 400; n++) await append(`${prefix}-${n % 3}`, n, 1);
    expect(numbersOf(await received)).toEqual(Array.from({ length: 400 }, (_, n) => n));
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

  it('says that it has caught up', async () => {
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

  it('sends all live events of a stream of which only the latest stay readable', async () => {
    const stream = uniqueStream('limited');
    await server.client.setStreamMetadata(stream, { maxCount: 2 });
    await append(stream, 0, 3);
    const subscription = server.client.subscribeToStream(stream);
    const received = collect(subscription, 6);
    await once(subscription, 'caughtUp');
    await append(stream, 3, 4);
    expect(numbersOf(await received)).toEqual([1, 2, 3, 4, 5, 6]);
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

  it('sends a live tombstone before it ends', async () => {
    const stream = uniqueStream('tombstone-sent');
    await append(stream, 0, 1);
    const subscription = server.client.subscribeToStream(stream);
    const seen: unknown[] = [];
    subscription.on('data', ({ event }) => seen.push([event?.revision, event?.type]));
    const ended = once(subscription, 'error');
    await once(subscription, 'caughtUp').catch(() => undefined);
    await server.client.tombstoneStream(stream);
    await ended.catch(() => undefined);
    expect(seen).toEqual([
      [0n, 'Counted'],
      [2n ** 63n - 1n, '$streamDeleted'],
    ]);
  });

  it.each([
    ['of $all', true],
    ['of a stream', false],
  ])('%s says again that it has caught up after much at once', async (_case, isOfAll) => {
    const stream = uniqueStream('much');
    const filter = streamNameFilter({ prefixes: [stream] });
    const subscription = isOfAll
      ? server.client.subscribeToAll({ fromPosition: END, filter })
      : server.client.subscribeToStream(stream, { fromRevision: END });
    let caughtUp = 0;
    subscription.on('caughtUp', () => caughtUp++);
    const received = collect(subscription, 201);
    await once(subscription, 'caughtUp');
    await append(stream, 0, 200);
    await until(() => caughtUp > 1);
    await append(stream, 200, 1);
    expect(numbersOf(await received)).toEqual(Array.from({ length: 201 }, (_, n) => n));
  });
});
