import type { EmbeddedEventStore, Plays } from '@keytrail/embedded-eventstore';
import { BEGINNING, type EventBatch, EventLog, subscribeToEvents } from '../src/index.js';
import { appendEach, numbered, numbersOf, Stranger } from './events.js';
import { embeddedServer } from './own-server.js';

/** What the server sends about a quiet log is not listened to, so that nothing depends on it. */
describe.each<[string, Plays]>([
  ['withholds its checkpoints', { checkpoints: 'none' }],
  ['tells those of 24.10.4', { checkpoints: '24.10.4' }],
  ['tells them rightly', {}],
])('a subscription to a server that %s', (_, plays) => {
  let server: EmbeddedEventStore;
  let log: EventLog;
  let stranger: Stranger;
  let stopping: AbortController;
  beforeEach(async () => {
    server = await embeddedServer();
    server.play(plays);
    log = new EventLog(server.url);
    stranger = new Stranger(server.url);
    stopping = new AbortController();
  });
  afterEach(async () => {
    stopping.abort();
    await Promise.all([log.close(), stranger.close()]);
    await server.close();
  });

  const subscribe = (from = BEGINNING): AsyncGenerator<EventBatch, void> =>
    subscribeToEvents(log, { from, batchSize: 10, signal: stopping.signal });

  async function next(batches: AsyncGenerator<EventBatch, void>): Promise<EventBatch> {
    const { value } = await batches.next();
    if (!value) throw new Error('The subscription has ended');
    return value;
  }

  it('that is empty goes on from a place in the log, and misses nothing that comes', async () => {
    const { progress, events } = await next(subscribe());
    expect(events).toEqual([]);
    expect(progress.last).toBeNull();
    expect(progress.searched && (await log.holds(progress.searched))).toBe(true);
    const batches = subscribe(progress);
    await appendEach(log, [1, 2].map(numbered));
    const batch = await next(batches);
    const more = batch.events.length < 2 ? await next(batches) : { events: [] };
    expect(numbersOf([...batch.events, ...more.events])).toEqual([1, 2]);
  });

  it.each([10, 40, 100])('moves on past %i events of others', async (count) => {
    await appendEach(log, [numbered(1)]);
    await stranger.append(count);
    const { searched } = await log.head(null);
    const batches = subscribe();
    expect(numbersOf((await next(batches)).events)).toEqual([1]);
    const { progress } = await next(batches);
    expect(progress.searched?.eventId).toBe(searched?.eventId);
    await stranger.append(count);
    await appendEach(log, [numbered(2)]);
    expect(numbersOf((await next(subscribe(progress))).events)).toEqual([2]);
  });
});
