import { jsonEvent } from '@eventstore/db-client';
import type { EventData, RecordedEvent as ClientEvent } from '@eventstore/db-client';
import { catalogue, containsKey } from '@keytrail/domain';
import type { KeytrailEvent } from '@keytrail/domain';
import { EventLogError } from './errors.js';
import { upcast } from './upcasting.js';
import type {
  Actor,
  EventContext,
  EventShape,
  LogPosition,
  RecordedEvent,
} from './recorded-event.js';

/** No less than what the log counts for an event besides its data and metadata. */
const ENVELOPE_SIZE = 128;
const utf8 = new TextEncoder();

/** An event ready to be appended: its id makes a repeated append recognisable. */
export interface NewEvent<Event extends KeytrailEvent = KeytrailEvent> {
  readonly id: string;
  readonly event: Event;
  readonly context: EventContext;
}

interface Metadata {
  readonly $correlationId: string;
  readonly $causationId: string;
  readonly actor: Actor;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly occurredAt: string;
  readonly schemaVersion: number;
}

/** An event as the client writes it. */
export interface EncodedEvent {
  readonly data: EventData;
  /** About what it takes up in an append, in bytes. */
  readonly size: number;
  readonly occurredAt: string;
}

/** @throws EventLogError `unwritable_event` when a value looks like a key */
export function encode({ id, event, context }: NewEvent): EncodedEvent {
  const metadata: Metadata = {
    $correlationId: context.requestId,
    $causationId: context.causationId,
    actor: context.actor,
    ip: context.ip,
    userAgent: context.userAgent,
    occurredAt: context.occurredAt,
    schemaVersion: catalogue[event.type].schemaVersion,
  };
  const dataSize = Buffer.byteLength(keylessJson(event.type, event.data));
  // The client hands bytes on as they are; an object it would encode several times over.
  const encoded = utf8.encode(keylessJson(event.type, metadata));
  return {
    data: jsonEvent({ id, type: event.type, data: { ...event.data }, metadata: encoded }),
    size: dataSize + encoded.length + ENVELOPE_SIZE,
    occurredAt: context.occurredAt,
  };
}

/**
 * Reads back an event of Keytrail's own streams. One that another program wrote there may lack
 * anything; it must not stop everybody who reads the log.
 */
export function decode(recorded: ClientEvent, position: LogPosition): RecordedEvent {
  const metadata = recorded.metadata as Partial<Metadata> | undefined;
  const context: EventContext = {
    requestId: metadata?.$correlationId ?? recorded.id,
    causationId: metadata?.$causationId ?? recorded.id,
    actor: metadata?.actor ?? { type: 'system', id: 'unknown', label: 'unknown' },
    ip: metadata?.ip ?? null,
    userAgent: metadata?.userAgent ?? null,
    occurredAt: isTime(metadata?.occurredAt) ? metadata.occurredAt : recorded.created.toISOString(),
  };
  const data = (isRecord(recorded.data) ? recorded.data : {}) as EventShape['data'];
  return {
    ...upcast({ type: recorded.type, data }, metadata?.schemaVersion),
    id: recorded.id,
    streamName: recorded.streamId,
    revision: recorded.revision,
    position,
    context,
  };
}

const isTime = (value: unknown): value is string =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value));

const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null;

function keylessJson(type: string, value: object): string {
  // JSON.stringify would throw on a BigInt here, before the client could hang on it.
  const json = JSON.stringify(value);
  if (containsKey(json)) {
    throw new EventLogError('unwritable_event', `A value of ${type} looks like an API key`);
  }
  return json;
}
