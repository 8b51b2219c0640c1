import type { EventContext, EventLog } from '@keytrail/event-store';
import { ProcessStream } from '@keytrail/event-store';
import type { Appended } from '@keytrail/event-store';
import { eventId } from '@keytrail/platform';
import type { KeyIdentity } from './identity.js';

export interface RecordedUse {
  readonly identity: KeyIdentity;
  readonly method: string;
  readonly path: string;
  readonly context: EventContext;
}

/** Records each use of a key in this process's own usage stream, before the request goes on. */
export class UsageRecorder {
  private readonly stream: ProcessStream;

  constructor(log: EventLog, processId: string) {
    this.stream = new ProcessStream(log, {
      family: 'keyUsage',
      processId,
      deadlineMs: 1_500,
      // 250 events with the longest paths and user agents stay below the log's limit of 1 MiB.
      maxBatch: 250,
      maxWaiting: 2_000,
    });
  }

  /** Resolves once the use is durably in the log. @throws EventLogError, QueueFullError */
  record({
    identity: { keyId, accountId },
    method,
    path,
    context,
  }: RecordedUse): Promise<Appended> {
    return this.stream.append({
      id: eventId(context.causationId, 0),
      event: { type: 'KeyUsed', data: { keyId, accountId, method, path } },
      context,
    });
  }
}
