import { uniqueId } from '@keytrail/platform';
import { recordedUserAgent } from '../http/caller-record.js';
import type { CallerRecord } from '../http/caller-record.js';
import { textOnWire } from '../http/wire-text.js';

/** What the log remembers of a request that went through the sign-in library. */
export type Trace = Pick<CallerRecord, 'requestId' | 'ip' | 'userAgent'>;

/** Reads the trace back from the headers that `toHeaders` made. */
export function traceOf(headers: Headers | undefined): Trace {
  return {
    requestId: headers?.get('x-request-id') ?? uniqueId(),
    ip: headers?.get('x-forwarded-for') ?? null,
    userAgent: recordedUserAgent(textOnWire(headers?.get('user-agent') ?? '') || null),
  };
}
