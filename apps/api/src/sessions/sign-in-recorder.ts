import type { SessionEvent } from '@keytrail/domain';
import { ProcessStream } from '@keytrail/event-store';
import type { EventLog } from '@keytrail/event-store';
import type { MemberDocument } from '@keytrail/read-models';
import { timeBudget } from '../http/time-budget.js';
import { eventContext } from '../http/caller-record.js';
import type { Trace } from './trace.js';

/** Writes sign-ins and new passwords down, in every account the person is in, before they take effect. */
export class SignInRecorder {
  private readonly stream: ProcessStream<'session'>;

  constructor(log: EventLog, processId: string) {
    const bounds = { deadlineMs: timeBudget.recordedMs, maxBatch: 250, maxWaiting: 1_000 };
    this.stream = new ProcessStream(log, { family: 'session', processId, ...bounds });
  }

  /** @throws EventLogError when it cannot be recorded; it does not happen then */
  async record(
    type: SessionEvent['type'],
    memberships: readonly MemberDocument[],
    trace: Trace,
  ): Promise<void> {
    const records = memberships.map(({ accountId, userId, email }) =>
      this.stream.append({
        event: { type, data: { accountId, userId } },
        context: eventContext(trace, { type: 'user', id: userId, label: email }, trace.requestId),
      }),
    );
    await Promise.all(records);
  }
}
