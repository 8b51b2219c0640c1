import { ProcessStream } from '@keytrail/event-store';
import type { EventLog } from '@keytrail/event-store';
import { eventId, uniqueId } from '@keytrail/platform';
import { findMemberships } from '@keytrail/read-models';
import type { ReadModels } from '@keytrail/read-models';
import { contextOf } from './trace.js';
import type { Trace } from './trace.js';

/** Writes each sign-in down before the session begins. */
export class SignInRecorder {
  private readonly stream: ProcessStream;

  constructor(
    log: EventLog,
    private readonly models: ReadModels,
    processId: string,
  ) {
    const bounds = { deadlineMs: 1_800, maxBatch: 250, maxWaiting: 1_000 };
    this.stream = new ProcessStream(log, { family: 'session', processId, ...bounds });
  }

  /** @throws EventLogError when it cannot be recorded; there is no session then */
  async record(userId: string, trace: Trace): Promise<void> {
    const [membership] = await findMemberships(await this.models.views.current(), userId);
    // Somebody who was removed from every account can do nothing that an account's trail would show.
    if (!membership) return;
    const { accountId, email } = membership;
    const actor = { type: 'user', id: userId, label: email } as const;
    await this.stream.append({
      id: eventId(uniqueId(), 0),
      event: { type: 'SignedIn', data: { accountId, userId } },
      context: contextOf(trace, actor),
    });
  }
}
