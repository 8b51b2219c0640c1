import { randomUUID } from 'node:crypto';
import type { ProposedEvent } from './record.js';
import { limitsOf, NO_LIMITS, withTruncateBefore } from './stream-metadata.js';
import { METADATA_EVENT_TYPE, TOMBSTONE_EVENT_TYPE } from './stream-name.js';

const EMPTY = Buffer.alloc(0);
const SCAVENGES_METASTREAM = '$$$scavenges';
const SCAVENGES_KEPT_SECONDS = 30 * 24 * 60 * 60;
const METADATA_CONTENT_TYPE = 'application/json';
const DELETED_METADATA = withTruncateBefore('{}', Infinity);

/** What metadata that is being written leaves readable. */
export function limitsOfEvent(event: ProposedEvent | undefined): typeof NO_LIMITS {
  if (event?.contentType !== METADATA_CONTENT_TYPE) return NO_LIMITS;
  return limitsOf(Buffer.from(event.data).toString('utf8'));
}

/** The event that removes a stream: from its metadata, or in itself and for ever. */
export function deletionEvent(change: 'soft_delete' | 'tombstone'): ProposedEvent {
  return change === 'soft_delete'
    ? metadataEvent(DELETED_METADATA)
    : systemEvent(TOMBSTONE_EVENT_TYPE, 'application/octet-stream', EMPTY);
}

export function metadataEvent(json: string): ProposedEvent {
  return systemEvent(METADATA_EVENT_TYPE, METADATA_CONTENT_TYPE, Buffer.from(json));
}

function systemEvent(type: string, contentType: string, data: Buffer): ProposedEvent {
  return { id: randomUUID(), type, contentType, data, customMetadata: EMPTY };
}

/** What a new log begins with: scavenges are kept for thirty days. */
export function firstEvent(): { streamName: string; event: ProposedEvent } {
  const json = JSON.stringify({ $maxAge: SCAVENGES_KEPT_SECONDS });
  return { streamName: SCAVENGES_METASTREAM, event: metadataEvent(json) };
}
