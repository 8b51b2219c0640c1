import {
  ANY,
  jsonEvent,
  NO_STREAM,
  STREAM_EXISTS,
  type AppendExpectedRevision,
} from '@eventstore/db-client';
import {
  collect,
  numbered,
  numberedFrom,
  numbersOf,
  PLAIN_APPEND,
  revisionsOf,
  serverUnderTest,
  uniqueStream,
  type ServerUnderTest,
} from './server-under-test.js';

describe.each([
  ['batch append', {}],
  ['plain append', PLAIN_APPEND],
])('%s', (_flavour, options) => {
  let server: ServerUnderTest;

  beforeAll(async () => {
    server = await serverUnderTest();
  });

  afterAll(async () => {
    await server.stop();
  });

  const append = (
    stream: string,
    events: ReturnType<typeof numbered>[],
    expectedRevision: AppendExpectedRevision,
  ) => server.client.appendToStream(stream, events, { expectedRevision, ...options });
  const read = (stream: string) => collect(server.client.readStream(stream));

  it('answers with the revision and position of the last event', async () => {
    const stream = uniqueStream();
    const { success, nextExpectedRevision, position } = await append(
      stream,
      numberedFrom(0, 3),
      NO_STREAM,
    );
    const entries = await read(stream);
    expect({ success, nextExpectedRevision }).toEqual({ success: true, nextExpectedRevision: 2n });
    expect(entries.at(-1)?.event?.position).toEqual(position);
  });

  it.each([
    ['no stream, on an existing one', NO_STREAM, 2, 1n],
    ['an older revision', 0n, 2, 1n],
    ['a later revision', 7n, 2, 1n],
    ['a revision of a missing stream', 0n, 0, 'no_stream'],
    ['that a missing stream exists', STREAM_EXISTS, 0, 'no_stream'],
  ] as const)('refuses an append that expects %s', async (_case, expected, existing, current) => {
    const stream = uniqueStream();
    if (existing > 0) await append(stream, numberedFrom(0, existing), NO_STREAM);
    await expect(append(stream, [numbered(9)], expected)).rejects.toMatchObject({
      type: 'wrong-expected-version',
      streamName: stream,
      expectedVersion: expected,
      actualVersion: current,
    });
    if (existing > 0) expect(numbersOf(await read(stream))).toEqual([0, 1]);
  });

  it.each([ANY, STREAM_EXISTS, 1n] as const)('appends when %s is expected', async (expected) => {
    const stream = uniqueStream();
    await append(stream, numberedFrom(0, 2), NO_STREAM);
    const { nextExpectedRevision } = await append(stream, [numbered(2)], expected);
    expect(nextExpectedRevision).toBe(2n);
    expect(numbersOf(await read(stream))).toEqual([0, 1, 2]);
  });

  it.each([NO_STREAM, ANY] as const)(
    'acknowledges a repeat that expects %s, writing nothing',
    async (expected) => {
      const stream = uniqueStream();
      const events = numberedFrom(0, 2);
      const first = await append(stream, events, expected);
      await append(stream, [numbered(2)], 1n);
      expect(await append(stream, events, expected)).toEqual(first);
      expect(numbersOf(await read(stream))).toEqual([0, 1, 2]);
    },
  );

  it('acknowledges a repeat that expects an exact revision, writing nothing', async () => {
    const stream = uniqueStream();
    await append(stream, [numbered(0)], NO_STREAM);
    const events = numberedFrom(1, 2);
    const first = await append(stream, events, 0n);
    expect(await append(stream, events, 0n)).toEqual(first);
    expect(numbersOf(await read(stream))).toEqual([0, 1, 2]);
  });

  it.each([NO_STREAM, ANY] as const)(
    'refuses a partial repeat that expects %s',
    async (expected) => {
      const stream = uniqueStream();
      const events = numberedFrom(0, 2);
      await append(stream, events, expected);
      const partial = append(stream, [...events, numbered(2)], expected);
      await expect(partial).rejects.toMatchObject({ type: 'wrong-expected-version' });
      expect(numbersOf(await read(stream))).toEqual([0, 1]);
    },
  );

  it('takes the same event id in two streams', async () => {
    const event = numbered(1);
    const streams = [uniqueStream(), uniqueStream()];
    for (const stream of streams) await append(stream, [event], ANY);
    for (const stream of streams) expect(numbersOf(await read(stream))).toEqual([1]);
  });

  it('gives contiguous revisions to concurrent appends, each append in one piece', async () => {
    const stream = uniqueStream();
    const appends = Array.from({ length: 50 }, (_, n) =>
      append(stream, [numbered(n), numbered(n)], ANY),
    );
    await Promise.all(appends);
    const entries = await read(stream);
    expect(revisionsOf(entries)).toEqual(Array.from({ length: 100 }, (_, n) => BigInt(n)));
    const numbers = numbersOf(entries);
    expect(numbers.filter((_, index) => index % 2 === 0)).toEqual(
      numbers.filter((_, index) => index % 2 === 1),
    );
  });

  it('lets one of two appends with the same expected revision win', async () => {
    const stream = uniqueStream();
    const outcomes = await Promise.allSettled([
      append(stream, [numbered(1)], NO_STREAM),
      append(stream, [numbered(2)], NO_STREAM),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await read(stream)).toHaveLength(1);
  });

  it('takes an append of just under 1 MiB and refuses a larger one whole', async () => {
    const stream = uniqueStream();
    const ofSize = (bytes: number) => jsonEvent({ type: 'Big', data: { text: 'x'.repeat(bytes) } });
    await append(stream, [ofSize(1024 * 1024 - 100)], NO_STREAM);
    await expect(append(stream, [numbered(1), ofSize(1024 * 1024)], 0n)).rejects.toMatchObject({
      type: 'maximum-append-size-exceeded',
      maxAppendSize: 1024 * 1024,
    });
    expect(await read(stream)).toHaveLength(1);
  });

  it('keeps data, metadata, type and id of an event as they were', async () => {
    const stream = uniqueStream('größe');
    const event = jsonEvent({ type: 'Täst', data: { a: 'ü\u0000' }, metadata: { actor: 'ä' } });
    await append(stream, [event], NO_STREAM);
    const [entry] = await collect(server.client.readStream(stream));
    const { id, type, data, metadata } = event;
    expect(entry?.event).toMatchObject({
      id,
      type,
      data,
      metadata,
      streamId: stream,
      isJson: true,
    });
  });
});
