import { formatPosition } from '@keytrail/event-store';
import type { Actor, RecordedEvent } from '@keytrail/event-store';
import { apiKeyIdOf, shownDetails } from '@keytrail/read-models';
import type { AuditDocument } from '@keytrail/read-models';
import { showPosition } from '../events/feed-position.js';
import { feedTypeOf } from '../events/feed-types.js';

/** An event of the feed, ready to be sent to any number of subscribers. */
export interface FeedItem {
  /** As text that sorts as the log does. */
  readonly position: string;
  /** The position as subscribers see it. */
  readonly id: string;
  /** The event's type in the log. */
  readonly logType: string;
  readonly subject: string;
  /** Whether it is the use of a key that asked for the feed. */
  readonly isFeedRead: boolean;
  /** The CloudEvents envelope as JSON, on one line. */
  readonly json: string;
}

/** What the log and the audit read model both know of an event. */
interface FeedEntry {
  readonly position: string;
  readonly eventId: string;
  readonly accountId: string;
  readonly logType: string;
  readonly at: Date;
  /** The key it is about, or that it was done with. */
  readonly apiKeyId: string | null;
  readonly actor: Actor;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly requestId: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** An event of an account as it arrives from the log. */
export function fromLog(event: RecordedEvent, accountId: string): FeedItem {
  const { data, context } = event;
  return toItem({
    position: formatPosition(event.position),
    eventId: event.id,
    accountId,
    logType: event.type,
    at: new Date(context.occurredAt),
    apiKeyId: apiKeyIdOf(event),
    actor: context.actor,
    ip: context.ip,
    userAgent: context.userAgent,
    requestId: context.requestId,
    details: data,
  });
}

/** The same event as it stands in the audit read model: the same bytes. */
export const fromAudit = (document: AuditDocument): FeedItem =>
  toItem({ ...document, position: document._id, logType: document.type });

/** CloudEvents 1.0 in JSON, with the `sequence` extension. */
function toItem(entry: FeedEntry): FeedItem {
  const { position, accountId, logType, apiKeyId, actor } = entry;
  const { type, subject: subjectField } = feedTypeOf(logType);
  const isAboutKey = subjectField === 'keyId';
  const data: Record<string, unknown> = {
    accountId,
    ...(isAboutKey && { keyId: apiKeyId }),
    ...shownDetails(entry.details),
    actor: { type: actor.type, id: actor.id, label: actor.label },
    ip: entry.ip,
    userAgent: entry.userAgent,
    requestId: entry.requestId,
  };
  const named = data[subjectField];
  const subject = typeof named === 'string' ? named : accountId;
  const json = JSON.stringify({
    specversion: '1.0',
    id: entry.eventId,
    source: `urn:keytrail:account:${accountId}`,
    type,
    subject,
    time: entry.at.toISOString(),
    datacontenttype: 'application/json',
    sequence: position,
    data,
  });
  const isFeedRead = logType === 'KeyUsed' && entry.details['path'] === '/v1/events';
  return { position, id: showPosition(position), logType, subject, isFeedRead, json };
}
