import { status } from '@grpc/grpc-js';
import { RawClient, type RawRead } from './raw-client.js';
import {
  numberedFrom,
  serverUnderTest,
  uniqueStream,
  type ServerUnderTest,
} from './server-under-test.js';

const MAX = 2n ** 64n - 1n;
const OPEN_MS = 700;

describe('a position', () => {
  const stream = uniqueStream('positions');
  const filter = { prefixes: [stream] };
  let server: ServerUnderTest;
  let raw: RawClient;
  let positions: bigint[];

  beforeAll(async () => {
    server = await serverUnderTest();
    raw = new RawClient(server.url);
    positions = [];
    for (let n = 0; n < 5; n++) {
      const { position } = await server.client.appendToStream(stream, numberedFrom(n, 1));
      positions.push(position?.commit ?? 0n);
    }
  });

  afterAll(async () => {
    raw.close();
    await server.stop();
  });

  const third = () => positions[2] ?? 0n;
  const read = async (request: RawRead) => {
    const { responses, code, details } = await raw.read(request, OPEN_MS);
    const own = responses.flatMap((response) => {
      const event = response.getEvent()?.getEvent();
      const name = Buffer.from(event?.getStreamIdentifier()?.getStreamName_asU8() ?? []);
      return event && name.toString() === stream ? [Number(event.getStreamRevision())] : [];
    });
    const kinds = responses.map((response) => response.getContentCase());
    return { own, code, details, kinds };
  };

  describe('between two events', () => {
    it.each([
      ['forwards', {}, 'ReadAllResult'],
      ['backwards', { backwards: true }, 'ReadAllResult'],
      ['forwards and filtered', { filter }, 'FilteredReadAllResult'],
      ['backwards and filtered', { backwards: true, filter }, 'FilteredReadAllResult'],
    ])('is refused to a read %s', async (_case, options, result) => {
      expect(await read({ from: third() + 1n, count: 3, ...options })).toMatchObject({
        code: status.UNKNOWN,
        details: `Unexpected ${result}: InvalidPosition`,
        own: [],
      });
    });

    it.each([
      ['', {}],
      [' that is filtered', { filter }],
    ])('is refused to a subscription%s, as an invalid argument', async (_case, options) => {
      expect(await read({ from: third() + 1n, ...options })).toMatchObject({
        code: status.INVALID_ARGUMENT,
        details: 'Trying to read from an invalid position.',
      });
    });
  });

  it.each([
    ['a read', 3],
    ['a subscription', undefined],
  ])('whose prepare is larger than its commit is refused to %s', async (_case, count) => {
    const from = { commit: third(), prepare: third() + 1n };
    expect(await read({ from, ...(count === undefined ? {} : { count }) })).toMatchObject({
      code: status.UNKNOWN,
      details: 'Exception was thrown by handler.',
    });
  });

  it.each([2n ** 63n, { commit: MAX, prepare: 0n }])('%p is none', async (from) => {
    expect(await read({ from, count: 3 })).toMatchObject({ code: status.UNKNOWN });
  });

  it('of an event begins a read with it', async () => {
    expect(await read({ from: third(), count: 1 })).toMatchObject({ own: [2], code: status.OK });
  });

  it('with a smaller prepare lies before the event', async () => {
    const from = { commit: third(), prepare: 0n };
    expect(await read({ from, count: 1 })).toMatchObject({ own: [2] });
    expect(await read({ from, filter })).toMatchObject({ own: [2, 3, 4] });
    expect(await read({ from, backwards: true, count: 5, filter })).toMatchObject({ own: [0] });
  });

  describe('beyond the end', () => {
    const beyond = () => (positions.at(-1) ?? 0n) + 1_000_000_000n;

    it.each([
      ['', {}],
      [' that is filtered', { filter }],
    ])('gives a read forwards%s nothing', async (_case, options) => {
      expect(await read({ from: beyond(), count: 3, ...options })).toMatchObject({
        own: [],
        code: status.OK,
      });
    });

    it.each([
      ['', {}, 'ReadAllResult'],
      [' that is filtered', { filter }, 'FilteredReadAllResult'],
    ])('is refused to a read backwards%s', async (_case, options, result) => {
      const request = { from: beyond(), count: 3, backwards: true, ...options };
      expect(await read(request)).toMatchObject({
        code: status.UNKNOWN,
        details: `Unexpected ${result}: Error`,
      });
    });

    it.each([
      ['a subscription', {}],
      ['a filtered subscription', { filter }],
    ])('lets %s wait', async (_case, options) => {
      const waiting = read({ from: beyond(), ...options });
      await server.client.appendToStream(uniqueStream(), numberedFrom(0, 1));
      expect(await waiting).toMatchObject({ code: 'open', own: [] });
    });
  });

  it.each([
    ['a read forwards', { count: 3 }],
    ['a subscription', {}],
  ])('that is the largest is the end for %s', async (_case, options) => {
    const { own, kinds } = await read({ from: MAX, ...options });
    expect(own).toEqual([]);
    expect(kinds).not.toContain(1);
  });

  it('that is the largest is the end for a read backwards', async () => {
    const request = { from: MAX, backwards: true, count: 1, filter };
    expect(await read(request)).toMatchObject({ own: [4] });
  });
});

describe('a filtered read', () => {
  const stream = uniqueStream('filtered-read');
  let server: ServerUnderTest;
  let raw: RawClient;
  let positions: bigint[];

  beforeAll(async () => {
    server = await serverUnderTest();
    raw = new RawClient(server.url);
    positions = [];
    for (let n = 0; n < 3; n++) {
      await server.client.appendToStream(uniqueStream('foreign'), numberedFrom(0, 50));
      const { position } = await server.client.appendToStream(stream, numberedFrom(n, 1));
      positions.push(position?.commit ?? 0n);
    }
    await server.client.appendToStream(uniqueStream('foreign'), numberedFrom(0, 50));
  });

  afterAll(async () => {
    raw.close();
    await server.stop();
  });

  const revisions = async (request: RawRead) => {
    const { responses, code } = await raw.read({ filter: { prefixes: [stream] }, ...request });
    expect(code).toBe(status.OK);
    return responses.map((response) => response.getEvent()?.getEvent()?.getStreamRevision());
  };

  it('forwards begins with the event at its position and ends at the end of the log', async () => {
    expect(await revisions({ from: positions[1] ?? 0n, count: 10 })).toEqual(['1', '2']);
  });

  it('backwards begins before the event at its position', async () => {
    const from = positions[2] ?? 0n;
    expect(await revisions({ from, count: 10, backwards: true })).toEqual(['1', '0']);
  });

  it.each([
    ['forwards', { from: 'start', backwards: false }, ['0', '1']],
    ['backwards', { from: 'end', backwards: true }, ['2', '1']],
  ] as const)('%s counts what matches', async (_case, options, expected) => {
    const from = options.backwards ? options.from : (positions[0] ?? 0n);
    expect(await revisions({ count: 2, ...options, from })).toEqual(expected);
  });

  it('looks further than its window', async () => {
    const filter = { prefixes: [stream], window: 2 };
    expect(await revisions({ from: positions[0] ?? 0n, count: 3, filter })).toHaveLength(3);
  });

  it('of prefixes that are none finds nothing', async () => {
    const filter = { prefixes: [] };
    expect(await revisions({ from: positions[0] ?? 0n, count: 3, filter })).toEqual([]);
  });

  it('heeds an expression rather than prefixes', async () => {
    const filter = { prefixes: [stream], regex: '^nothing$' };
    expect(await revisions({ from: positions[0] ?? 0n, count: 3, filter })).toEqual([]);
  });
});
