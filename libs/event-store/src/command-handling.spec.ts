import { jest } from '@jest/globals';
import { keyDecider } from '@keytrail/domain';
import type { KeyCommand } from '@keytrail/domain';
import { handleCommand } from './command-handling.js';
import { EventLogError } from './errors.js';
import type { EventLog } from './event-log.js';
import type { EventContext, RecordedEvent } from './recorded-event.js';

const key = { keyId: 'key_1', accountId: 'acc_1' };
const create: KeyCommand = {
  type: 'CreateKey',
  data: { ...key, name: 'CI', keyPrefix: 'axk_1234', secretHash: 'hash_1' },
};
const revoke: KeyCommand = { type: 'RevokeKey', data: { ...key, reason: null } };

const contextAt = (occurredAt: string): EventContext => ({
  requestId: 'req_1',
  causationId: '6f1b7c2e-32ab-4c2e-9b7e-0c8a3f0f6a11',
  actor: { type: 'user', id: 'usr_anna', label: 'anna@example.com' },
  ip: null,
  userAgent: null,
  occurredAt,
});
const [monday, tuesday] = ['2026-03-02T10:00:00.000Z', '2026-03-03T10:00:00.000Z'];

/** A log of one stream in memory, in which others come first so many times. */
function memoryLog(conflicts = 0) {
  const stream: RecordedEvent[] = [];
  const calls = { reads: 0, appends: 0, atOnce: 0, mostAtOnce: 0 };
  let left = conflicts;
  const readStream: EventLog['readStream'] = async (_, from = 0n) => {
    calls.reads += 1;
    calls.mostAtOnce = Math.max(calls.mostAtOnce, (calls.atOnce += 1));
    await new Promise(setImmediate);
    return stream.slice(Number(from));
  };
  const append: EventLog['append'] = (streamName, events) => {
    calls.appends += 1;
    calls.atOnce -= 1;
    if ((left -= 1) >= 0) {
      return Promise.reject(new EventLogError('wrong_expected_revision', 'somebody was first'));
    }
    for (const { id, event, context } of events) {
      const revision = BigInt(stream.length);
      const position = { commit: revision, prepare: revision };
      stream.push({ ...event, id, context, streamName, revision, position });
    }
    const revision = BigInt(stream.length - 1);
    return Promise.resolve({ revision, position: { commit: revision, prepare: revision } });
  };
  const log = { readStream, append, verify: () => Promise.resolve() } as unknown as EventLog;
  return { log, calls };
}

const handle = (log: EventLog, command: KeyCommand, at = monday) =>
  handleCommand(log, keyDecider, command, {
    context: contextAt(at),
    known: { last: null, searched: null },
  });

describe('handling a command', () => {
  beforeEach(() => {
    // No pause between attempts.
    jest.spyOn(Math, 'random').mockReturnValue(0);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('answers with the state that it leaves, with what its events tell of the time', async () => {
    const { log } = memoryLog();
    expect(await handle(log, create)).toMatchObject({ ok: true, state: { createdAt: monday } });
    const revoked = { status: 'Revoked', createdAt: monday, revokedAt: tuesday };
    expect(await handle(log, revoke, tuesday)).toMatchObject({ ok: true, state: revoked });
    // Again: nothing is appended, and the answer is the same.
    expect(await handle(log, revoke, monday)).toMatchObject({ ok: true, state: revoked });
  });

  it('tells why a command was refused', async () => {
    expect(await handle(memoryLog().log, revoke)).toMatchObject({
      ok: false,
      code: 'key_not_found',
      stream: { newest: [] },
    });
  });

  it('begins anew after a conflict, from what is there by then', async () => {
    const { log, calls } = memoryLog(5);
    expect(await handle(log, create)).toMatchObject({ ok: true });
    expect(calls).toMatchObject({ reads: 6, appends: 6 });
  });

  it('gives up when others always come first', async () => {
    const { log, calls } = memoryLog(Infinity);
    await expect(handle(log, create)).rejects.toMatchObject({ code: 'wrong_expected_revision' });
    expect(calls.appends).toBe(20);
  });

  it('takes one command on a stream after the other, so that none meets the next', async () => {
    const { log, calls } = memoryLog();
    const outcomes = await Promise.all([create, revoke].map((command) => handle(log, command)));
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true]);
    expect(calls).toMatchObject({ reads: 2, appends: 2, mostAtOnce: 1 });
  });
});
