import { status } from '@grpc/grpc-js';
import { RawClient, revisionsIn, type RawRead } from './raw-client.js';
import {
  numberedFrom,
  serverUnderTest,
  uniqueStream,
  type ServerUnderTest,
} from './server-under-test.js';

const OPEN_MS = 500;
const HANDLER_ERROR = { code: status.UNKNOWN, details: 'Exception was thrown by handler.' };

describe('requests to read', () => {
  const stream = uniqueStream('requests');
  let server: ServerUnderTest;
  let raw: RawClient;

  beforeAll(async () => {
    server = await serverUnderTest();
    raw = new RawClient(server.url);
    await server.client.appendToStream(stream, numberedFrom(0, 5));
  });

  afterAll(async () => {
    raw.close();
    await server.stop();
  });

  it.each<[string, RawRead]>([
    ['forwards from its end', { from: 'end', count: 3 }],
    ['of no events', { count: 0 }],
    ['of no events backwards', { from: 'end', count: 0, backwards: true }],
  ])('a stream %s are refused, whether it exists or not', async (_case, request) => {
    const refused = { code: status.UNKNOWN, details: 'Unexpected ReadStreamResult: Error' };
    for (const name of [stream, uniqueStream()]) {
      expect(await raw.read({ stream: name, ...request })).toMatchObject(refused);
    }
  });

  it.each<[string, RawRead]>([
    ['read', { count: 2 }],
    ['read backwards', { count: 2, from: 'end', backwards: true }],
    ['subscribe to', {}],
  ])('%s a stream without a name are refused', async (_case, request) => {
    expect(await raw.read({ stream: '', ...request }, OPEN_MS)).toMatchObject(HANDLER_ERROR);
  });

  it.each(['$$', '$all', '$$$$'])('the stream %s find none', async (name) => {
    const { responses, code } = await raw.read({ stream: name, count: 2 });
    expect(code).toBe(status.OK);
    expect(responses.map((response) => response.hasStreamNotFound())).toEqual([true]);
    expect(await raw.read({ stream: name }, OPEN_MS)).toMatchObject({ code: 'open' });
  });

  it.each([2n ** 63n, 2n ** 64n - 2n])('from revision %p are refused', async (from) => {
    expect(await raw.read({ stream, from, count: 1 })).toMatchObject(HANDLER_ERROR);
  });

  it('from the largest revision are such from the end', async () => {
    const from = 2n ** 64n - 1n;
    const backwards = await raw.read({ stream, from, count: 1, backwards: true });
    expect(revisionsIn(backwards)).toEqual(['4']);
    expect(await raw.read({ stream, from, count: 1 })).toMatchObject({ code: status.UNKNOWN });
  });

  it.each<[string, RawRead]>([
    ['a subscription backwards', { backwards: true }],
    ['a filter on a stream', { stream, count: 1, filter: { prefixes: ['a'] } }],
  ])('for %s are refused as invalid', async (_case, request) => {
    expect(await raw.read(request, OPEN_MS)).toMatchObject({ code: status.INVALID_ARGUMENT });
  });

  it.each([{ interval: 0 }, { window: 0 }])('with a filter of %p are refused', async (filter) => {
    const request = { filter: { prefixes: ['a'], ...filter } };
    expect(await raw.read(request, OPEN_MS)).toMatchObject(HANDLER_ERROR);
  });

  it('for ids as numbers are answered with them', async () => {
    const [event] = (await raw.read({ stream, count: 1, structuredIds: true })).responses;
    const id = event?.getEvent()?.getEvent()?.getId();
    expect(id?.hasStructured()).toBe(true);
    const [text] = (await raw.read({ stream, count: 1 })).responses;
    const halves = [
      id?.getStructured()?.getMostSignificantBits(),
      id?.getStructured()?.getLeastSignificantBits(),
    ];
    const hex = halves.map((half) => BigInt.asUintN(64, BigInt(half ?? 0)).toString(16));
    const expected = text?.getEvent()?.getEvent()?.getId()?.getString().replaceAll('-', '');
    expect(hex.map((half) => half.padStart(16, '0')).join('')).toBe(expected);
  });

  describe('for positions, as newer clients ask for them,', () => {
    const told = async (request: RawRead) => {
      const { responses } = await raw.read({ compatibility: 1, ...request });
      return responses.flatMap((response) => {
        if (response.hasFirstStreamPosition())
          return [`first ${response.getFirstStreamPosition()}`];
        if (response.hasLastStreamPosition()) return [`last ${response.getLastStreamPosition()}`];
        return [];
      });
    };

    it.each<[string, RawRead, string[]]>([
      ['forwards', { count: 2 }, ['last 4']],
      ['backwards', { count: 2, from: 'end', backwards: true }, ['last 4']],
      ['from beyond the end', { count: 2, from: 9n }, ['first 5', 'last 4']],
    ])('%s tell the last, and the first if it is not where they began', async (...row) => {
      const [, request, expected] = row;
      expect(await told({ stream, ...request })).toEqual(expected);
    });

    it('tell the first that is not hidden', async () => {
      const hidden = uniqueStream();
      await server.client.appendToStream(hidden, numberedFrom(0, 5));
      await server.client.setStreamMetadata(hidden, { truncateBefore: 3 });
      expect(await told({ stream: hidden, count: 20 })).toEqual(['last 4']);
      expect(await told({ stream: hidden, count: 2, from: 1n })).toEqual(['first 3', 'last 4']);
    });

    it('tell none of $all, or of a missing stream', async () => {
      expect(await told({ count: 2 })).toEqual([]);
      expect(await told({ stream: uniqueStream(), count: 2 })).toEqual([]);
    });
  });

  it('that need the leader are answered by it', async () => {
    const { code } = await raw.read({ stream, count: 1, requiresLeader: true });
    expect(code).toBe(status.OK);
  });
});
