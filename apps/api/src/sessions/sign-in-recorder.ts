import type { SessionEvent, SignInFailed } from '@keytrail/domain';
import { ProcessStream } from '@keytrail/event-store';
import type { EventContext, EventLog } from '@keytrail/event-store';
import type { Folded } from '@keytrail/platform';
import type { MemberDocument } from '@keytrail/read-models';
import { limits } from '../http/limits.js';
import { timeBudget } from '../http/time-budget.js';
import { eventContext, personActor } from '../http/caller-record.js';
import type { Trace } from './trace.js';

/** Those that say no more than who it was. */
type Plain = Exclude<SessionEvent, SignInFailed>;

export interface FailedSignIn {
  /** In lower case. */
  readonly email: string;
  readonly trace: Trace;
}

/** Writes down what people do with their sessions, in every account that they are in. */
export class SignInRecorder {
  private readonly stream: ProcessStream<'session'>;

  constructor(log: EventLog, processId: string) {
    const bounds = { deadlineMs: timeBudget.recordedMs, ...limits.sessionEvents };
    this.stream = new ProcessStream(log, { family: 'session', processId, ...bounds });
  }

  /** @throws EventLogError when it cannot be recorded; it does not happen then */
  async record(
    type: Plain['type'],
    memberships: readonly MemberDocument[],
    trace: Trace,
  ): Promise<void> {
    const events = memberships.map(({ accountId, userId }) => ({
      type,
      data: { accountId, userId },
    }));
    const [person] = memberships;
    if (!person) return;
    const actor = personActor(person);
    await this.append(events, eventContext(trace, actor, trace.requestId));
  }

  /**
   * Records attempts to sign in as somebody, by whoever it was.
   *
   * @throws EventLogError when it cannot be recorded
   */
  async recordFailed(
    memberships: readonly MemberDocument[],
    { attempt: { email, trace }, count, isOfMany }: Folded<FailedSignIn>,
  ): Promise<void> {
    const events = memberships.map(({ accountId, userId }) => {
      const data = { accountId, userId, email, reason: 'wrong_password', count } as const;
      return { type: 'SignInFailed', data: { ...data, ...(isOfMany && MANY) } } as const;
    });
    const from = isOfMany ? { ...trace, ip: null, userAgent: null } : trace;
    const actor = { type: 'anonymous', id: 'anonymous', label: email } as const;
    await this.append(events, eventContext(from, actor, trace.requestId));
  }

  private async append(events: readonly SessionEvent[], context: EventContext): Promise<void> {
    await Promise.all(events.map((event) => this.stream.append({ event, context })));
  }
}

const MANY = { manyCallers: true } as const;
