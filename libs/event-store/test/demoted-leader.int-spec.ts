import type { EmbeddedEventStore, EventStoreNode } from '@keytrail/embedded-eventstore';
import { EventLog, subscribeToEvents } from '../src/index.js';
import { appendEach, newStream, numbered, numbersOf, patiently, useTwice } from './events.js';
import { embeddedServer } from './own-server.js';

/**
 * A node that was the leader, and to which the connections of its clients were left: it answers what is
 * asked of anybody with what it has, and forwards appends.
 */
describe('a node that is no leader any more', () => {
  let old: EmbeddedEventStore;
  let leader: EventStoreNode;
  let log: EventLog;
  beforeEach(async () => {
    old = await embeddedServer();
    leader = await old.addNode();
    log = new EventLog(old.url);
    // Its connections are made while it is the leader.
    await log.append(newStream(), [numbered(0)], 'no_stream', patiently);
    await log.readStream(newStream());
    old.play({ follower: { behindEvents: 10, leader } });
  });
  afterEach(async () => {
    await log.close();
    await old.close();
  });

  it('takes no append for a leader that may not have it', async () => {
    const stream = newStream();
    const event = numbered(1);
    const appended = await log.append(stream, [event], 'no_stream', patiently);
    const witness = new EventLog(leader.url);
    expect((await witness.readStream(stream))[0]).toMatchObject({ id: event.id, ...appended });
    await witness.close();
  });

  it('is not believed about a stream', async () => {
    const other = new EventLog(leader.url);
    const stream = newStream();
    await other.append(stream, [numbered(1), numbered(2)], 'no_stream', patiently);
    expect(numbersOf(await log.readStream(stream))).toEqual([1, 2]);
    await other.close();
  });

  it('is not believed about the head', async () => {
    const other = new EventLog(leader.url);
    for (let round = 0; round < 3; round += 1) {
      const event = numbered(round);
      await appendEach(other, [event]);
      expect((await log.head(null)).last?.eventId).toBe(event.id);
    }
    await other.close();
  });

  it('is not believed about what a log holds', async () => {
    const other = new EventLog(leader.url);
    const event = numbered(1);
    const [appended] = await appendEach(other, [event]);
    const { position } = appended ?? { position: { commit: 0n, prepare: 0n } };
    await log.verify({ last: { position, eventId: event.id }, searched: null });
    await other.close();
  });

  it('lets a command know its own events', async () => {
    const result = await useTwice(log, newStream());
    expect(result.ok && result.state).toEqual([1, 2]);
  });

  it('leaves a subscription that it serves to find out what it lacks', async () => {
    const { last } = await log.head(null);
    const stopping = new AbortController();
    const { signal } = stopping;
    const batches = subscribeToEvents(log, {
      from: { last, searched: null },
      batchSize: 9,
      signal,
    });
    const failing = expect(batches.next()).rejects.toThrow('stalled');
    await appendEach(log, [numbered(1)]);
    await failing;
    stopping.abort();
  });
});
