import type { RecordedEvent } from '@keytrail/event-store';

/** What stands elsewhere in an entry, and hashes, which are nobody's business. */
const leftOut = new Set(['accountId', 'keyId', 'secretHash', 'tokenHash']);

/**
 * The fields of an event's data that its account is shown as they are: in the audit trail and in the
 * event feed alike, so that what is secret in one is secret in the other.
 */
export const shownDetails = (data: RecordedEvent['data']): Record<string, unknown> =>
  Object.fromEntries(Object.entries(data).filter(([name]) => !leftOut.has(name)));

/** The key that an event is about, or that it was done with. */
export function apiKeyIdOf({ data, context }: RecordedEvent): string | null {
  if (typeof data['keyId'] === 'string') return data['keyId'];
  return context.actor.type === 'apiKey' ? context.actor.id : null;
}
