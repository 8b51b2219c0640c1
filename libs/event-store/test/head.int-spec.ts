import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { describeWithOwnEventStore } from '../../../test/support/describe-with.js';
import { EventLog, type Place, type Progress } from '../src/index.js';
import { LogReader } from '../src/log-reader.js';
import { appendEach, numbered, Stranger } from './events.js';
import { OwnServer, urlOf } from './own-server.js';
import { Wire } from './wire.js';

const BEGINNING: Progress = { last: null, searched: null };

function expectSame({ last }: Progress, expected: Place | null): void {
  expect(last).not.toBeNull();
  expect(last?.eventId).toBe(expected?.eventId);
  expect(last?.position).toEqual(expected?.position);
}

describeWithOwnEventStore('the head of the log', () => {
  let server: OwnServer;
  let log: EventLog;
  let stranger: Stranger;
  beforeAll(async () => {
    server = await OwnServer.start();
    log = new EventLog(server.url);
    stranger = new Stranger(server.url);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  afterAll(async () => {
    await Promise.all([log.close(), stranger.close()]);
    await server.end();
  });

  /** As a process sees it that has only just begun. */
  async function headForNewcomer(hint: Progress | null = null): Promise<Progress> {
    const newcomer = new EventLog(server.url);
    const head = await newcomer.head(hint);
    await newcomer.close();
    return head;
  }

  async function appendOne(): Promise<Progress> {
    const event = numbered(1);
    const [appended] = await appendEach(log, [event]);
    if (!appended) throw new Error('Nothing was appended');
    return { last: { position: appended.position, eventId: event.id }, searched: null };
  }

  // The first two need a log in which Keytrail has written nothing yet.
  it('of a log in which nobody has written is none', async () => {
    expect(await headForNewcomer()).toMatchObject({ last: null });
    expect(await headForNewcomer(BEGINNING)).toMatchObject({ last: null });
  });

  it('of a log in which only others have written is none, and nothing is looked at twice', async () => {
    await stranger.append(40);
    const head = await log.head(null);
    expect(head.last).toBeNull();
    expect(head.searched).not.toBeNull();
    const searches = [
      jest.spyOn(LogReader.prototype, 'newestOfOurs'),
      jest.spyOn(LogReader.prototype, 'isFollowed'),
    ];
    expect(await log.head(null)).toEqual(head);
    expect(await headForNewcomer(head)).toEqual(head);
    for (const search of searches) expect(search).not.toHaveBeenCalled();
  });

  it('is the event that was acknowledged last', async () => {
    const appended = await appendOne();
    expectSame(await log.head(null), appended.last);
    expectSame(await headForNewcomer(), appended.last);
  });

  it.each([1, 33, 5_000])(
    'is Keytrail’s newest event with %i of others behind it, whatever is known already',
    async (count) => {
      const { last } = await appendOne();
      await stranger.append(count);
      expectSame(await log.head(null), last);
      expectSame(await headForNewcomer(), last);
      expectSame(await headForNewcomer(BEGINNING), last);
      expectSame(await headForNewcomer({ last, searched: null }), last);
    },
  );

  it('is found when others stand on both sides of it', async () => {
    const before = await log.head(null);
    await stranger.append(50);
    const { last } = await appendOne();
    await stranger.append(50);
    expectSame(await log.head(null), last);
    expectSame(await headForNewcomer(before), last);
  });

  it.each([
    ['600 large events', 600, 100_000],
    ['5,000 small ones', 5_000, 10],
  ])('costs no more than a look at a few events behind %s', async (_, count, sizeBytes) => {
    const { last } = await appendOne();
    await stranger.append(count, sizeBytes);
    const wire = await Wire.before(server.port);
    const far = new EventLog(urlOf(wire.port));
    expectSame(await far.head(null), last);
    expectSame(await far.head(null), last);
    // The newest event itself may be a large one, and is looked at each time.
    expect(wire.answeredBytes).toBeLessThan(4 * sizeBytes + 20_000);
    await far.close();
    await wire.close();
  });

  it('is never older than what was acknowledged before, while others write without a pause', async () => {
    const done = new AbortController();
    const others = (async () => {
      while (!done.signal.aborted) await stranger.append(5);
    })();
    try {
      for (let round = 0; round < 30; round += 1) {
        const { last } = await appendOne();
        const heads = await Promise.all([log.head(null), headForNewcomer(), log.head(BEGINNING)]);
        for (const head of heads) expectSame(head, last);
      }
    } finally {
      done.abort();
      await others;
    }
  });

  it('is searched for behind the hint only', async () => {
    const { last } = await appendOne();
    await stranger.append(20);
    const search = jest.spyOn(LogReader.prototype, 'newestOfOurs');
    const { searched } = await headForNewcomer({ last, searched: null });
    await stranger.append(20);
    expectSame(await headForNewcomer({ last, searched }), last);
    expect(search).not.toHaveBeenCalled();
  });

  it('is found although an event of others that was searched up to is gone', async () => {
    const { last } = await appendOne();
    await stranger.append(3);
    const { searched } = await log.head(null);
    if (!searched) throw new Error('Nothing was searched');
    await stranger.append(3);
    const gone = { last, searched: { ...searched, eventId: randomUUID() } };
    expectSame(await headForNewcomer(gone), last);
  });

  it.each<[string, bigint, string | undefined]>([
    ['another event stands', 0n, randomUUID()],
    ['no event stands', 1n, undefined],
    ['nobody has written yet', 2n ** 40n, undefined],
  ])('is refused with a hint of another log: %s at its place', async (_, by, eventId) => {
    const { last } = await appendOne();
    await stranger.append(3);
    if (!last) throw new Error('Nothing was appended');
    const { commit, prepare } = last.position;
    const position = { commit: commit + by, prepare: prepare + by };
    const hint = { last: { position, eventId: eventId ?? last.eventId }, searched: null };
    await expect(headForNewcomer(hint)).rejects.toMatchObject({ code: 'event_log_mismatch' });
    expectSame(
      await headForNewcomer({ last, searched: { position, eventId: randomUUID() } }),
      last,
    );
  });

  it('of a log that took the place of another is told once the hint is of the new one', async () => {
    const { last: old } = await appendOne();
    await stranger.append(3);
    const process = new EventLog(server.url);
    await process.head(null);
    await server.renew();
    await stranger.append(3);
    const hintOfOld = { last: old, searched: null };
    await expect(process.head(hintOfOld)).rejects.toMatchObject({ code: 'event_log_mismatch' });
    const { last } = await appendOne();
    await stranger.append(3);
    expectSame(await process.head({ last, searched: null }), last);
    expectSame(await process.head(null), last);
    await process.close();
  });
});
