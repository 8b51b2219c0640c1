import type { Actor, EventContext } from '@keytrail/event-store';
import { isoNow, uniqueId } from '@keytrail/platform';
import { recordedUserAgent } from '../http/request-context.js';

/** What the log remembers of a request that went through the sign-in library. */
export interface Trace {
  readonly requestId: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** Reads the trace back from the headers that `toHeaders` made. */
export function traceOf(headers: Headers | undefined): Trace {
  return {
    requestId: headers?.get('x-request-id') ?? uniqueId(),
    ip: headers?.get('x-forwarded-for') ?? null,
    userAgent: recordedUserAgent(headers?.get('user-agent') ?? undefined),
  };
}

export function contextOf(trace: Trace, actor: Actor): EventContext {
  return { ...trace, causationId: trace.requestId, actor, occurredAt: isoNow() };
}
