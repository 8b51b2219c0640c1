import { NO_STREAM } from '@eventstore/db-client';
import { status } from '@grpc/grpc-js';
import { randomUUID } from 'node:crypto';
import { BatchCall } from './batch-call.js';
import { RawClient, revisionsIn } from './raw-client.js';
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

const NIL_UUID = '00000000-0000-0000-0000-000000000000';
const UNUSABLE = [
  ['an empty type', { type: '' }],
  ['the nil id', { id: NIL_UUID }],
  ['an id that is none', { id: 'x' }],
] as const;

describe('requests to write', () => {
  let server: ServerUnderTest;
  let raw: RawClient;

  beforeAll(async () => {
    server = await serverUnderTest();
    raw = new RawClient(server.url);
  });

  afterAll(async () => {
    raw.close();
    await server.stop();
  });

  const event = () => ({ id: randomUUID(), type: 'Counted' });
  const revisions = async (stream: string) => revisionsIn(await raw.read({ stream, count: 99 }));

  describe('with a stream without a name', () => {
    it('are refused', async () => {
      const refused = { code: status.UNKNOWN };
      const { client } = server;
      await expect(client.deleteStream('')).rejects.toMatchObject(refused);
      await expect(client.tombstoneStream('')).rejects.toMatchObject(refused);
      const append = client.appendToStream('', numbered(0), PLAIN_APPEND);
      await expect(append).rejects.toMatchObject(refused);
    });

    it('are refused for its metadata as for a missing stream', async () => {
      expect(await raw.append('$$', [event()])).toMatchObject({ code: status.UNKNOWN });
      await expect(server.client.deleteStream('$$')).rejects.toMatchObject({
        type: 'wrong-expected-version',
      });
    });
  });

  it.each(UNUSABLE)('of one event with %s are refused', async (_case, fault) => {
    const stream = uniqueStream();
    expect(await raw.append(stream, [event(), { ...event(), ...fault }])).toMatchObject({
      code: status.UNKNOWN,
      details: 'Exception was thrown by handler.',
    });
    expect(await revisions(stream)).toEqual([]);
  });

  it.each(UNUSABLE)('in a batch with %s are refused, and later run out', async (_case, fault) => {
    const stream = uniqueStream();
    const call = new BatchCall(server.url);
    call.send({ stream, events: [{ ...event(), ...fault }], deadline: { in: 800 } });
    expect(await call.answers(2)).toEqual(['BadRequest', 'Timeout']);
    call.close();
    expect(await revisions(stream)).toEqual([]);
  });

  describe('in a batch with a deadline', () => {
    it.each([{ at: -100 }, { in: 0 }])('that has passed (%p) are not written', async (deadline) => {
      const stream = uniqueStream();
      const call = new BatchCall(server.url);
      call.send({ stream, events: [event()], deadline });
      expect(await call.answers(1)).toEqual(['Timeout']);
      call.close();
      expect(await revisions(stream)).toEqual([]);
    });

    it.each([{ at: 60_000 }, { in: 60_000 }])('to come (%p) are written', async (deadline) => {
      const stream = uniqueStream();
      const call = new BatchCall(server.url);
      call.send({ stream, events: [event()], deadline });
      expect(await call.answers(1)).toEqual(['revision 0']);
      call.close();
    });

    it('that passes before the last part came are not written', async () => {
      const stream = uniqueStream();
      const correlationId = randomUUID();
      const call = new BatchCall(server.url);
      const part = { stream, correlationId, events: [event()], deadline: { in: 300 } };
      call.send({ ...part, isFinal: false });
      expect(await call.answers(1)).toEqual(['Timeout']);
      call.send({ correlationId, events: [event()] });
      call.send({ stream: uniqueStream(), events: [event()] });
      expect(await call.answers(2)).toEqual(['Timeout', 'revision 0']);
      call.close();
      expect(await revisions(stream)).toEqual([]);
    });
  });

  it('in parts are one append', async () => {
    const stream = uniqueStream();
    const correlationId = randomUUID();
    const call = new BatchCall(server.url);
    call.send({ stream, correlationId, events: [event()], isFinal: false });
    call.send({ correlationId, events: [event()] });
    expect(await call.answers(1)).toEqual(['revision 1']);
    call.close();
  });

  it('without dashes in ids are taken', async () => {
    const stream = uniqueStream();
    const id = randomUUID();
    const bare = { id: id.replaceAll('-', '').toUpperCase(), type: 'Counted' };
    expect(await raw.append(stream, [bare])).toEqual({ revision: '0' });
    const [entry] = await collect(server.client.readStream(stream));
    expect(entry?.event?.id).toBe(id);
  });

  it('with names of 20,000 bytes are taken', async () => {
    const stream = uniqueStream() + 'x'.repeat(20_000 - 41);
    const type = 'y'.repeat(20_000);
    await server.client.appendToStream(stream, numbered(1, type), { expectedRevision: NO_STREAM });
    const [entry] = await collect(server.client.readStream(stream));
    expect(entry?.event).toMatchObject({ streamId: stream, type, data: { n: 1 } });
  });

  it('of content that is no JSON keep it as bytes', async () => {
    const stream = uniqueStream();
    await raw.append(stream, [{ ...event(), contentType: 'text/plain' }]);
    const [response] = (await raw.read({ stream, count: 1 })).responses;
    const metadata = response?.getEvent()?.getEvent()?.getMetadataMap();
    expect(metadata?.get('content-type')).toBe('application/octet-stream');
  });

  describe('of no events', () => {
    it('have a position from which $all can be read', async () => {
      const { position } = await server.client.appendToStream(uniqueStream(), []);
      const from = position?.commit ?? 0n;
      expect(from).toBeGreaterThan(0n);
      expect(await raw.read({ from, count: 1 })).toMatchObject({ code: status.OK });
    });

    it('bring a deleted stream back', async () => {
      const stream = uniqueStream();
      await server.client.appendToStream(stream, numberedFrom(0, 2));
      await server.client.deleteStream(stream);
      const answer = await server.client.appendToStream(stream, []);
      expect(answer).toMatchObject({ success: true, nextExpectedRevision: 1n });
      const metadata = async () => (await server.client.getStreamMetadata(stream)).metadata;
      // It may come into force a moment after the answer.
      const deadline = Date.now() + 10_000;
      while ((await metadata())?.truncateBefore !== 2 && Date.now() < deadline);
      expect(await metadata()).toEqual({ truncateBefore: 2 });
      expect(await collect(server.client.readStream(stream))).toEqual([]);
    });

    it('are refused at an older revision', async () => {
      const stream = uniqueStream();
      await server.client.appendToStream(stream, numberedFrom(0, 2));
      for (const expectedRevision of [0n, NO_STREAM] as const) {
        const append = server.client.appendToStream(stream, [], { expectedRevision });
        await expect(append).rejects.toMatchObject({ type: 'wrong-expected-version' });
      }
    });
  });

  describe('again', () => {
    it('of events that are hidden by now are acknowledged without a position', async () => {
      const stream = uniqueStream();
      const events = numberedFrom(0, 2);
      await server.client.appendToStream(stream, events, { expectedRevision: NO_STREAM });
      await server.client.appendToStream(stream, numberedFrom(2, 2));
      await server.client.setStreamMetadata(stream, { truncateBefore: 3 });
      const repeat = await server.client.appendToStream(stream, events, {
        expectedRevision: NO_STREAM,
      });
      expect(repeat).toEqual({ success: true, nextExpectedRevision: 1n, position: undefined });
    });

    it('of an id that another stream had first are written each time', async () => {
      const event = numbered(1);
      const stream = uniqueStream();
      await server.client.appendToStream(uniqueStream(), event);
      for (let n = 0; n < 3; n++) await server.client.appendToStream(stream, event);
      expect(numbersOf(await collect(server.client.readStream(stream)))).toEqual([1, 1, 1]);
    });
  });
});
