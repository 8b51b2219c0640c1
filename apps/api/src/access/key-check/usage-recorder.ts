import { EventLog, ProcessStream } from '@keytrail/event-store';
import type { Appended } from '@keytrail/event-store';
import { Inject, Injectable } from '@nestjs/common';
import { PROCESS_ID } from '../../stores/tokens.js';
import { CredentialLookUp } from './credential-look-up.js';
import { limits } from '../../http/limits.js';
import { eventContext } from '../../http/caller-record.js';
import type { CallerRecord } from '../../http/caller-record.js';
import { actorOf } from '../permission/identity.js';
import type { KeyIdentity } from '../permission/identity.js';
import { timeBudget } from '../../http/time-budget.js';

/** Records each use of a key in this process's own usage stream, before the request goes on. */
@Injectable()
export class UsageRecorder {
  private readonly stream: ProcessStream<'keyUsage'>;

  /** @param lookUps the look-ups before the uses: all uses of one look-up share an append */
  constructor(log: EventLog, @Inject(PROCESS_ID) processId: string, lookUps: CredentialLookUp) {
    this.stream = new ProcessStream(log, {
      family: 'keyUsage',
      processId,
      deadlineMs: timeBudget.silentMs,
      ...limits.keyUses,
      source: lookUps,
    });
  }

  /** Resolves once the use is durably in the log. @throws EventLogError, QueueFullError */
  record(identity: KeyIdentity, caller: CallerRecord): Promise<Appended> {
    const { keyId, accountId } = identity;
    const { method, path } = caller;
    return this.stream.append({
      event: { type: 'KeyUsed', data: { keyId, accountId, method, path } },
      context: eventContext(caller, actorOf(identity)),
    });
  }
}
