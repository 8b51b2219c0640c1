import { jest } from '@jest/globals';
import { EventStoreDBClient, WrongExpectedVersionError } from '@eventstore/db-client';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { describeWithOwnEventStore } from '../../../test/support/describe-with.js';
import { EventLog } from '../src/index.js';
import { newStream, numbered, numbersOf, patiently } from './events.js';
import { OwnServer, urlOf } from './own-server.js';
import { until } from './until.js';
import { Wire } from './wire.js';

const clients = streamsGrpc.StreamsClient.prototype;

describeWithOwnEventStore('an append whose answer is lost', () => {
  let server: OwnServer;
  let wire: Wire;
  let log: EventLog;
  let witness: EventLog;
  beforeAll(async () => {
    server = await OwnServer.start();
    witness = new EventLog(server.url);
  });
  beforeEach(async () => {
    wire = await Wire.before(server.port);
    log = new EventLog(urlOf(wire.port));
    // Both connections are made.
    await log.append(newStream(), [numbered(0)], 'no_stream', patiently);
    await log.readStream(newStream());
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await log.close();
    await wire.close();
  });
  afterAll(async () => {
    await witness.close();
    await server.end();
  });

  const arrived = (stream: string): Promise<unknown> =>
    until(async () => (await witness.readStream(stream)).length > 0);

  it('is repeated, and writes its events once', async () => {
    const stream = newStream();
    wire.loseAnswers();
    const appending = log.append(stream, [numbered(1), numbered(2)], 'no_stream', patiently);
    await arrived(stream);
    wire.answerNewOnes();
    const { revision, position } = await appending;
    const events = await witness.readStream(stream);
    expect(numbersOf(events)).toEqual([1, 2]);
    expect(events.at(-1)).toMatchObject({ revision, position });
  });

  it('is known to be written although others have written behind it', async () => {
    const stream = newStream();
    wire.loseAnswers();
    const appending = log.append(stream, [numbered(1)], 'no_stream', patiently);
    await arrived(stream);
    await witness.append(stream, [numbered(2)], 0n, patiently);
    wire.answerNewOnes();
    const { revision, position } = await appending;
    const events = await witness.readStream(stream);
    expect(numbersOf(events)).toEqual([1, 2]);
    expect(events[0]).toMatchObject({ revision, position });
  });

  it('is found in its stream when its repeat is told of a conflict', async () => {
    const stream = newStream();
    const event = numbered(1);
    const client = witness.connect();
    const append = client.appendToStream.bind(client);
    jest
      .spyOn(EventStoreDBClient.prototype, 'appendToStream')
      .mockImplementationOnce(async (...request) => {
        await append(...request);
        throw Object.assign(new Error('The answer is lost'), { type: 'unavailable' });
      })
      .mockRejectedValueOnce(conflictIn(stream));
    const appended = await log.append(stream, [event], 'no_stream', patiently);
    expect((await witness.readStream(stream))[0]).toMatchObject(appended);
    await client.dispose();
  });

  it('is a conflict when its repeat is told of one and its events are not there', async () => {
    const stream = newStream();
    await witness.append(stream, [numbered(7)], 'no_stream', patiently);
    jest
      .spyOn(EventStoreDBClient.prototype, 'appendToStream')
      .mockRejectedValueOnce(Object.assign(new Error('It is lost'), { type: 'unavailable' }));
    const appending = log.append(stream, [numbered(1)], 'no_stream', patiently);
    await expect(appending).rejects.toMatchObject({ code: 'wrong_expected_revision' });
    expect(numbersOf(await witness.readStream(stream))).toEqual([7]);
  });

  it('is unavailable in time when no answer ever comes', async () => {
    wire.loseAnswers();
    const appending = log.append(newStream(), [numbered(1)], 'no_stream', { giveUpAfterMs: 100 });
    await expect(appending).rejects.toMatchObject({ code: 'event_log_unavailable' });
    wire.answerNewOnes();
    const stream = newStream();
    await log.append(stream, [numbered(2)], 'no_stream', patiently);
    expect(numbersOf(await witness.readStream(stream))).toEqual([2]);
  });

  it('is repeated on a new stream of appends only when the silent one has ended', async () => {
    let open = 0;
    let mostOpen = 0;
    const batchAppend = Reflect.get(clients, 'batchAppend') as (
      this: typeof clients,
      ...options: readonly unknown[]
    ) => ReturnType<typeof clients.batchAppend>;
    jest.spyOn(clients, 'batchAppend').mockImplementation(function (
      this: typeof clients,
      ...options
    ) {
      const call = batchAppend.apply(this, options);
      open += 1;
      mostOpen = Math.max(mostOpen, open);
      call.once('status', () => (open -= 1));
      return call;
    });
    const process = new EventLog(urlOf(wire.port));
    await process.append(newStream(), [numbered(0)], 'no_stream', patiently);
    for (let round = 0; round < 3; round += 1) {
      const streams = [newStream(), newStream(), newStream()];
      wire.loseAnswers();
      const appends = streams.map((stream) =>
        process.append(stream, [numbered(round)], 'no_stream', patiently),
      );
      await Promise.all(streams.map(arrived));
      wire.answerNewOnes();
      await Promise.all(appends);
    }
    await process.close();
    expect(mostOpen).toBe(1);
  });
});

function conflictIn(streamName: string): Error {
  const versions = { current: 0n, expected: 'no_stream' } as const;
  return new WrongExpectedVersionError(undefined, { streamName, ...versions });
}
