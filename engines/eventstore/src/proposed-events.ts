import type { RawEvent } from './append-requests.js';
import { MAX_NAME_BYTES, type ProposedEvent } from './record.js';

/** Appends of more than this are refused, as EventStoreDB does unless configured otherwise. */
export const MAX_APPEND_SIZE_BYTES = 1024 * 1024;

export type ValidatedEvent =
  | { readonly kind: 'valid'; readonly event: ProposedEvent }
  | { readonly kind: 'invalid'; readonly message: string }
  | { readonly kind: 'missing_metadata'; readonly property: string };

/** With dashes or without, bare or in braces or parentheses. */
const UUID_PATTERN =
  /^[{(]?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})[})]?$/i;
const CANONICAL_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const NIL_UUID = '00000000-0000-0000-0000-000000000000';

export const REQUIRED_METADATA = ['type', 'content-type'] as const;
const JSON_CONTENT_TYPE = 'application/json';

/** Size of an event as the limit counts it: a character of the type counts as two bytes. */
export function eventSizeBytes(event: RawEvent): number {
  const typeBytes = (event.metadata.get('type')?.length ?? 0) * 2;
  return event.data.length + event.customMetadata.length + typeBytes;
}

/** Checks an event before it is queued, so that nothing can fail once it is being written. */
export function validateEvent(raw: RawEvent): ValidatedEvent {
  const type = raw.metadata.get('type');
  const contentType = raw.metadata.get('content-type');
  if (type === undefined || contentType === undefined) {
    return { kind: 'missing_metadata', property: REQUIRED_METADATA[type === undefined ? 0 : 1] };
  }
  const id = canonicalId(raw.id);
  if (id === undefined) return { kind: 'invalid', message: 'The id of an event is no UUID.' };
  if (id === NIL_UUID) return { kind: 'invalid', message: 'Empty eventId provided.' };
  if (type === '') return { kind: 'invalid', message: 'Empty eventType provided.' };
  if (Buffer.byteLength(type) > MAX_NAME_BYTES) {
    return { kind: 'invalid', message: 'The type of an event is too long.' };
  }
  const { data, customMetadata } = raw;
  // There are two content types: what is no JSON are bytes.
  const isJson = contentType === JSON_CONTENT_TYPE;
  return {
    kind: 'valid',
    event: {
      id,
      type,
      contentType: isJson ? JSON_CONTENT_TYPE : 'application/octet-stream',
      data,
      customMetadata,
    },
  };
}

function canonicalId(id: string | undefined): string | undefined {
  if (id === undefined) return undefined;
  if (CANONICAL_UUID.test(id)) return id;
  return UUID_PATTERN.exec(id)?.slice(1).join('-').toLowerCase();
}
