import { END, START, type Position } from '@eventstore/db-client';
import { CheckpointLog } from './checkpoint-log.js';
import { describeWithOwnServer, ownServer, type OwnServer } from './server-under-test.js';

/** In a log that others write to, their events would be counted too. */
describeWithOwnServer('the checkpoints of a filtered subscription', () => {
  let server: OwnServer;
  let log: CheckpointLog;
  let mark: Position;

  beforeAll(async () => {
    server = await ownServer();
  });

  beforeEach(async () => {
    log = new CheckpointLog(server.client);
    mark = await log.begin();
  });

  afterEach(async () => {
    await log.end();
  });

  afterAll(async () => {
    await server.stop();
  });

  it.each([
    [0, 'caughtUp'],
    [1, 'C#0 caughtUp'],
    [31, 'C#0 caughtUp'],
    [32, 'C#0 C#32 caughtUp'],
    [40, 'C#0 C#32 caughtUp'],
    [100, 'C#0 C#32 C#64 C#96 caughtUp'],
  ])('behind which lie %i foreign events: one each window, one when caught up', async (n, sent) => {
    await log.addForeign(n);
    log.subscribe(mark);
    await log.caughtUp();
    expect(await log.shown()).toBe(sent);
  });

  it('come live each window of events, whether these match or not', async () => {
    log.subscribe(mark);
    await log.caughtUp();
    await log.addForeign(70);
    await log.addMatch();
    await log.addForeign(40);
    expect(await log.shown()).toBe('caughtUp C#32 C#64 E#71 C#96');
  });

  it('come live once from the end on', async () => {
    log.subscribe(END);
    await log.caughtUp();
    await log.addForeign(35);
    expect(await log.shown()).toBe('caughtUp C#32');
  });

  it('name the last match, or the beginning of the last window if that is later', async () => {
    for (let n = 0; n < 3; n++) {
      await log.addMatch();
      await log.addForeign(10);
    }
    log.subscribe(mark);
    await log.caughtUp();
    expect(await log.shown()).toBe('E#1 E#12 E#23 C#23 C#32 caughtUp');
  });

  it.each([
    [
      2,
      1,
      'E#1 C#1 C#2 C#4 C#6 E#8 C#8 C#10 C#12 E#15 C#15 C#16 C#18 C#20 E#22 C#22 C#24 C#26 C#28 caughtUp E#29 C#30 C#32 C#34 E#36 C#36 C#38 C#40 C#42',
    ],
    [5, 2, 'E#1 E#8 C#8 E#15 C#15 E#22 C#25 caughtUp E#29 E#36 C#38'],
    [1000, 1, 'E#1 E#8 E#15 E#22 C#22 caughtUp E#29 E#36'],
    [1, 10, 'E#1 E#8 C#9 E#15 C#19 E#22 C#28 caughtUp E#29 E#36 C#38'],
  ])('follow a window of %i and an interval of %i', async (window, interval, sent) => {
    const add = async (rounds: number) => {
      for (let n = 0; n < rounds; n++) {
        await log.addMatch();
        await log.addForeign(6);
      }
    };
    await add(4);
    log.subscribe(mark, { window, interval });
    await log.caughtUp();
    await add(2);
    expect(await log.shown()).toBe(sent);
  });

  it('have prepare 0 where nothing matched, and resuming there loses nothing', async () => {
    await log.addForeign(40);
    log.subscribe(mark);
    await log.caughtUp();
    const places = log.sent.flatMap((sent) => (sent === 'caughtUp' ? [] : sent.position));
    expect(places.map(({ commit, prepare }) => (prepare === commit ? 'equal' : prepare))).toEqual([
      'equal',
      0n,
    ]);
    const again = new CheckpointLog(server.client);
    await again.addMatch();
    again.subscribe(places.at(-1) ?? START);
    await again.caughtUp();
    expect(again.sent.filter((sent) => sent !== 'caughtUp' && sent.kind === 'E')).toHaveLength(1);
    await again.end();
  });

  it('from the largest position on come as from the end', async () => {
    const max = 2n ** 64n - 1n;
    log.subscribe({ commit: max, prepare: max });
    await log.caughtUp();
    await log.addForeign(35);
    expect(await log.shown()).toBe('caughtUp C#32');
  });
});

describeWithOwnServer('the first checkpoint of a filtered subscription', () => {
  let server: OwnServer;
  let log: CheckpointLog;

  beforeEach(async () => {
    server = await ownServer();
    log = new CheckpointLog(server.client);
  });

  afterEach(async () => {
    await log.end();
    await server.stop();
  });

  it('in a log without a match is its beginning, and others follow', async () => {
    log.subscribe(START);
    await log.caughtUp();
    await log.addForeign(40);
    expect(log.sent.slice(0, 2)).toEqual([
      { kind: 'C', position: { commit: 0n, prepare: 0n } },
      'caughtUp',
    ]);
    expect(await log.shown()).toBe('C#0 caughtUp C#32');
  });

  it('behind 31 events, none of which matches, is the beginning of the log too', async () => {
    await log.addForeign(30);
    log.subscribe(START);
    await log.caughtUp();
    expect(await log.shown()).toBe('C#0 caughtUp');
  });

  it('finds the one event that a new log holds', async () => {
    const events: string[] = [];
    for await (const { event } of server.client.readAll()) {
      events.push(`${event?.streamId} ${event?.type}`);
    }
    expect(events).toEqual(['$$$scavenges $metadata']);
  });
});
