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
/**
 * No text in an event is longer, in UTF-16 code units: each is indexed, answered and shown. Fields
 * have limits of their own where they come in; this one holds for those that nobody thought of.
 */
const LONGEST_TEXT = 1_024;
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

/** @throws EventLogError `unwritable_event` when a value looks like a key or is too long */
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
  const dataSize = Buffer.byteLength(writableJson(event.type, event.data));
  // The client hands bytes on as they are; an object it would encode several times over.
  const encoded = utf8.encode(writableJson(event.type, metadata));
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

const isRecord = (value: unknown): value is object => typeof value === 'object' && value !== null;

function writableJson(type: string, value: object): string {
  // JSON.stringify would throw on a BigInt here, before the client could hang on it.
  const json = JSON.stringify(value);
  if (containsKey(json)) {
    throw new EventLogError('unwritable_event', `A value of ${type} looks like an API key`);
  }
  // What is short as a whole has no long part; most events are.
  if (json.length > LONGEST_TEXT) refuseLongText(type, value);
  return json;
}

function refuseLongText(type: string, value: object): void {
  for (const [name, part] of Object.entries(value) as [string, unknown][]) {
    if (isRecord(part)) refuseLongText(type, part);
    if (name.length <= LONGEST_TEXT && !(typeof part === 'string' && part.length > LONGEST_TEXT)) {
      continue;
    }
    const field = name.slice(0, 40);
    const rule = `is longer than ${LONGEST_TEXT} characters`;
    throw new EventLogError('unwritable_event', `A text of ${type} (${field}) ${rule}`);
  }
}
