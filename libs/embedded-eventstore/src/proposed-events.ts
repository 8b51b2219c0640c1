import type { RawEvent } from './append-requests.js';
import { MAX_NAME_BYTES, type ProposedEvent } from './record.js';
import { streamNameFault } from './stream-name.js';

/** Appends of more than this are refused, as EventStoreDB does unless configured otherwise. */
export const MAX_APPEND_SIZE_BYTES = 1024 * 1024;

export type Validated =
  | { readonly kind: 'valid'; readonly events: readonly ProposedEvent[] }
  | { readonly kind: 'too_large' }
  | { readonly kind: 'invalid'; readonly message: string }
  | { readonly kind: 'missing_metadata' };

const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const REQUIRED_METADATA = ['type', 'content-type'] as const;

/** Size of an event as the limit counts it: a character of the type counts as two bytes. */
export function eventSizeBytes(event: RawEvent): number {
  const typeBytes = (event.metadata.get('type')?.length ?? 0) * 2;
  return event.data.length + event.customMetadata.length + typeBytes;
}

/** Checks an append before it is queued, so that nothing can fail once it is being written. */
export function validateAppend(streamName: string, raw: readonly RawEvent[]): Validated {
  const nameFault = streamNameFault(streamName);
  if (nameFault !== undefined) return { kind: 'invalid', message: nameFault };
  const sizeBytes = raw.reduce((sum, event) => sum + eventSizeBytes(event), 0);
  if (sizeBytes > MAX_APPEND_SIZE_BYTES) return { kind: 'too_large' };
  const events: ProposedEvent[] = [];
  for (const event of raw) {
    const type = event.metadata.get('type');
    const contentType = event.metadata.get('content-type');
    if (type === undefined || contentType === undefined) return { kind: 'missing_metadata' };
    if (event.id === undefined || !UUID_PATTERN.test(event.id)) {
      return { kind: 'invalid', message: 'The id of an event is not a UUID.' };
    }
    if (Buffer.byteLength(type) > MAX_NAME_BYTES) {
      return { kind: 'invalid', message: 'The type of an event is too long.' };
    }
    const { data, customMetadata } = event;
    events.push({ id: event.id.toLowerCase(), type, contentType, data, customMetadata });
  }
  return { kind: 'valid', events };
}
