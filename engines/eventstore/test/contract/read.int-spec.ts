import { BACKWARDS, binaryEvent, END, FORWARDS, START } from '@eventstore/db-client';
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

  describe('links to what is not there', () => {
    const resolved = async (...targets: string[]) => {
      const own = uniqueStream('links');
      const links = targets.map((to) => binaryEvent({ type: '$>', data: Buffer.from(to) }));
      await server.client.appendToStream(own, links);
      return collect(server.client.readStream(own, { resolveLinkTos: true }));
    };
    const revisions = (entries: Awaited<ReturnType<typeof resolved>>) =>
      entries.map(({ event, link }) => [event?.revision, link?.revision]);

    it('come without event, if their number is no revision of the stream', async () => {
      const entries = await resolved(`5@${stream}`, `0@${uniqueStream()}`, '5', '5@');
      expect(revisions(entries)).toEqual([0n, 1n, 2n, 3n].map((own) => [undefined, own]));
    });

    it('come without event, if it was truncated', async () => {
      const target = uniqueStream();
      await server.client.appendToStream(target, numberedFrom(0, 3));
      await server.client.setStreamMetadata(target, { truncateBefore: 1, maxCount: 1 });
      const entries = await resolved(`0@${target}`, `1@${target}`, `2@${target}`);
      expect(numbersOf(entries)).toEqual([undefined, undefined, 2]);
      expect(entries.map(({ link }) => link?.revision)).toEqual([0n, 1n, 2n]);
    });

    it.each(['deleteStream', 'tombstoneStream'] as const)(
      'come without event after %s',
      async (remove) => {
        const target = uniqueStream();
        await server.client.appendToStream(target, numbered(0));
        await server.client[remove](target);
        expect(revisions(await resolved(`0@${target}`))).toEqual([[undefined, 0n]]);
      },
    );

    it('are plain events, if they begin with no number', async () => {
      const entries = await resolved(`x@${stream}`, 'junk', '');
      expect(revisions(entries)).toEqual([0n, 1n, 2n].map((own) => [own, undefined]));
    });

    it('leave $all readable', async () => {
      const [entry] = await resolved('junk');
      const fromPosition = entry?.event?.position ?? START;
      const all = server.client.readAll({ fromPosition, resolveLinkTos: true, maxCount: 1 });
      expect((await collect(all))[0]?.event?.type).toBe('$>');
    });
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

  async function endOfLog() {
    const [last] = await collect(
      server.client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }),
    );
    return last?.event?.position ?? START;
  }
});
