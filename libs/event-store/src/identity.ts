import { LOG_STREAM } from '@keytrail/domain';
import type { LogOpened } from '@keytrail/domain';
import { uniqueId } from '@keytrail/platform';
import { EventLogError } from './errors.js';
import type { Appended, AppendOptions, Revision } from './appender.js';
import type { NewEvent } from './codec.js';
import type { EventContext, RecordedEvent } from './recorded-event.js';

/** What tells one event log from another. An older copy of a log has the same. */
export interface LogIdentity {
  readonly logId: string;
}

/** What is asked of a log to open it. */
interface OpenableLog {
  readStream(streamName: string): Promise<RecordedEvent[]>;
  append(
    streamName: typeof LOG_STREAM,
    events: readonly NewEvent<LogOpened>[],
    expected: Revision,
    options: AppendOptions,
  ): Promise<Appended>;
}

const GIVE_UP_AFTER_MS = 2_000;

/**
 * Answers with the identity of a log, and gives it one when it has none. The append is made in any case,
 * as a repeat of the first one: it writes nothing, and is acknowledged by whoever takes appends.
 */
export async function openLog(log: OpenableLog): Promise<LogIdentity> {
  for (;;) {
    const [opened] = (await log.readStream(LOG_STREAM)) as RecordedEvent<LogOpened>[];
    const { id, data, context } = opened ?? newLog();
    const event = { type: 'LogOpened', data } as const;
    try {
      await log.append(LOG_STREAM, [{ id, event, context }], 'no_stream', {
        giveUpAfterMs: GIVE_UP_AFTER_MS,
      });
      return { logId: data.logId };
    } catch (error) {
      // Two processes opened it at once, and the other was first.
      const isOther = error instanceof EventLogError && error.code === 'wrong_expected_revision';
      if (!isOther || opened) throw error;
    }
  }
}

function newLog(): { id: string; data: LogOpened['data']; context: EventContext } {
  const id = uniqueId();
  return {
    id,
    data: { logId: id },
    context: {
      requestId: id,
      causationId: id,
      actor: { type: 'system', id: 'keytrail', label: 'Keytrail' },
      ip: null,
      userAgent: null,
      occurredAt: new Date().toISOString(),
    },
  };
}
