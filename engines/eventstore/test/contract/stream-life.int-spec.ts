import { ANY, NO_STREAM, STREAM_EXISTS } from '@eventstore/db-client';
import {
  collect,
  numbered,
  numberedFrom,
  numbersOf,
  PLAIN_APPEND,
  serverUnderTest,
  uniqueStream,
  type ServerUnderTest,
} from './server-under-test.js';

describe('the life of a stream', () => {
  let server: ServerUnderTest;
  let stream: string;

  beforeAll(async () => {
    server = await serverUnderTest();
  });

  beforeEach(async () => {
    stream = uniqueStream();
    await server.client.appendToStream(stream, numberedFrom(0, 5));
  });

  afterAll(async () => {
    await server.stop();
  });

  const read = () => collect(server.client.readStream(stream));
  /** The $tb that brings a stream back may come into force a moment after the answer. */
  const hidden = async () => {
    const deadline = Date.now() + 10_000;
    while ((await read()).length > 0 && Date.now() < deadline);
    expect(await read()).toEqual([]);
  };

  describe('deleted', () => {
    it('reads as missing', async () => {
      await server.client.deleteStream(stream);
      await expect(read()).rejects.toMatchObject({ type: 'stream-not-found' });
    });

    it.each([NO_STREAM, ANY, 4n] as const)(
      'lives again, its revisions going on, by an append expecting %s',
      async (expected) => {
        await server.client.deleteStream(stream);
        const { nextExpectedRevision } = await server.client.appendToStream(stream, numbered(5), {
          expectedRevision: expected,
        });
        expect(nextExpectedRevision).toBe(5n);
        expect(numbersOf(await read())).toEqual([5]);
      },
    );

    it.each([
      ['batch', {}],
      ['plain', PLAIN_APPEND],
    ])('refuses a %s append that expects it to exist', async (_flavour, options) => {
      await server.client.deleteStream(stream);
      const append = server.client.appendToStream(stream, numbered(5), {
        expectedRevision: STREAM_EXISTS,
        ...options,
      });
      await expect(append).rejects.toMatchObject({ type: 'stream-deleted', streamName: stream });
    });

    it('can be deleted again', async () => {
      await server.client.deleteStream(stream);
      await server.client.deleteStream(stream);
      await server.client.appendToStream(stream, numbered(5));
      expect(numbersOf(await read())).toEqual([5]);
    });

    it('is alive and empty once its metadata is set, and shows only later events', async () => {
      await server.client.deleteStream(stream);
      await server.client.setStreamMetadata(stream, { maxAge: 3600 });
      await hidden();
      const { metadata } = await server.client.getStreamMetadata(stream);
      expect(metadata).toEqual({ maxAge: 3600, truncateBefore: 5 });
      await server.client.appendToStream(stream, numbered(5));
      expect(numbersOf(await read())).toEqual([5]);
    });

    it('is refused if never written to', async () => {
      const never = uniqueStream();
      await expect(server.client.deleteStream(never)).rejects.toMatchObject({
        type: 'wrong-expected-version',
        streamName: never,
      });
      await expect(collect(server.client.readStream(never))).rejects.toMatchObject({
        type: 'stream-not-found',
      });
    });

    it('can have had metadata only', async () => {
      stream = uniqueStream();
      await server.client.setStreamMetadata(stream, { maxCount: 1 });
      await server.client.deleteStream(stream);
      await server.client.appendToStream(stream, numberedFrom(0, 2), {
        expectedRevision: NO_STREAM,
      });
      expect(numbersOf(await read())).toEqual([0, 1]);
    });

    it('keeps its events in $all', async () => {
      const { position } = await server.client.deleteStream(stream);
      expect(position).toBeDefined();
      const entries = await collect(server.client.readAll());
      expect(entries.filter(({ event }) => event?.streamId === stream)).toHaveLength(5);
    });

    it('is refused at another revision', async () => {
      const removal = server.client.deleteStream(stream, { expectedRevision: 2n });
      await expect(removal).rejects.toMatchObject({
        type: 'wrong-expected-version',
        streamName: stream,
        expectedVersion: 2n,
        actualVersion: 4n,
      });
      expect(await read()).toHaveLength(5);
    });
  });

  describe('tombstoned', () => {
    it.each([
      ['a read', () => read()],
      ['a batch append', () => server.client.appendToStream(stream, numbered(5))],
      ['a plain append', () => server.client.appendToStream(stream, numbered(5), PLAIN_APPEND)],
      ['a deletion', () => server.client.deleteStream(stream)],
      ['another tombstone', () => server.client.tombstoneStream(stream)],
    ])('refuses %s for ever', async (_case, access) => {
      await server.client.tombstoneStream(stream);
      await expect(access()).rejects.toMatchObject({ type: 'stream-deleted', streamName: stream });
    });

    it('is refused at another revision', async () => {
      const removal = server.client.tombstoneStream(stream, { expectedRevision: 2n });
      await expect(removal).rejects.toMatchObject({ type: 'wrong-expected-version' });
      expect(await read()).toHaveLength(5);
    });
  });

  describe('metadata', () => {
    it('is empty until it is set, then the latest', async () => {
      expect(await server.client.getStreamMetadata(stream)).toEqual({ streamName: stream });
      await server.client.setStreamMetadata(stream, { maxCount: 9 });
      await server.client.setStreamMetadata(stream, { maxCount: 3, owner: 'me' });
      const { metadata } = await server.client.getStreamMetadata<{ owner: string }>(stream);
      expect(metadata).toEqual({ maxCount: 3, owner: 'me' });
    });

    it('$maxCount leaves the latest events readable', async () => {
      await server.client.setStreamMetadata(stream, { maxCount: 2 });
      expect(numbersOf(await read())).toEqual([3, 4]);
      await server.client.appendToStream(stream, numbered(5));
      expect(numbersOf(await read())).toEqual([4, 5]);
    });

    it('$tb hides the events before it', async () => {
      await server.client.setStreamMetadata(stream, { truncateBefore: 3 });
      expect(numbersOf(await read())).toEqual([3, 4]);
    });

    it('$maxAge hides the events that are older', async () => {
      await server.client.setStreamMetadata(stream, { maxAge: 3600 });
      expect(await read()).toHaveLength(5);
      await server.client.setStreamMetadata(stream, { maxAge: 1 });
      await hidden();
    });

    it('can be set before the first event', async () => {
      stream = uniqueStream();
      await server.client.setStreamMetadata(stream, { maxCount: 1 });
      await server.client.appendToStream(stream, numberedFrom(0, 3), {
        expectedRevision: NO_STREAM,
      });
      expect(numbersOf(await read())).toEqual([2]);
    });

    it('makes the stream exist for an append that expects it to', async () => {
      stream = uniqueStream();
      await server.client.setStreamMetadata(stream, { maxCount: 9 });
      await server.client.appendToStream(stream, numbered(0), { expectedRevision: STREAM_EXISTS });
      expect(numbersOf(await read())).toEqual([0]);
    });

    it('is replaced by $tb when the stream is deleted', async () => {
      await server.client.setStreamMetadata(stream, { maxCount: 1, owner: 'me' });
      await server.client.deleteStream(stream);
      await server.client.appendToStream(stream, numberedFrom(5, 3));
      const { metadata } = await server.client.getStreamMetadata(stream);
      expect(metadata).toEqual({ truncateBefore: 5 });
      expect(numbersOf(await read())).toEqual([5, 6, 7]);
    });

    it('of metadata hides none', async () => {
      await server.client.setStreamMetadata(stream, { maxCount: 2 });
      await server.client.setStreamMetadata(`$$${stream}`, { truncateBefore: 9 });
      const { metadata } = await server.client.getStreamMetadata(stream);
      expect(metadata).toEqual({ maxCount: 2 });
    });
  });
});
