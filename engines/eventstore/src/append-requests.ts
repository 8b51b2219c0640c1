import { Buffer } from 'node:buffer';
import type { ExpectedRevision } from './expected-revision.js';
import { WireReader } from './wire-reader.js';

/** A proposed message as it was sent; validate it before use. */
export interface RawEvent {
  id: string | undefined;
  readonly metadata: Map<string, string>;
  data: Buffer;
  customMetadata: Buffer;
}

export interface AppendTarget {
  /** Undefined when the request names no stream, or expects nothing. */
  streamName: string | undefined;
  expected: ExpectedRevision | undefined;
  /** Until when a batch append may be written: a time since the epoch, or from now on. */
  deadline: { readonly kind: 'at' | 'in'; readonly ms: number } | undefined;
}

/** `AppendReq`: the first message of a call has the target, each further one an event. */
export interface AppendRequest {
  target?: AppendTarget;
  event?: RawEvent;
}

/** `BatchAppendReq`: parts of an append share a correlation id; the first has the target. */
export interface BatchAppendRequest {
  /** The UUID message as sent, to be echoed. */
  correlationId: Buffer;
  target?: AppendTarget;
  readonly events: RawEvent[];
  isFinal: boolean;
}

export function readAppendRequest(bytes: Buffer): AppendRequest {
  const request: AppendRequest = {};
  const reader = new WireReader(bytes);
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) request.target = readTarget(reader.message());
    else if (field === 2) request.event = readEvent(reader.message());
    else reader.skip();
  }
  return request;
}

export function readBatchAppendRequest(bytes: Buffer): BatchAppendRequest {
  const request: BatchAppendRequest = {
    correlationId: Buffer.alloc(0),
    events: [],
    isFinal: false,
  };
  const reader = new WireReader(bytes);
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) request.correlationId = reader.lengthDelimited();
    else if (field === 2) request.target = readTarget(reader.message());
    else if (field === 3) request.events.push(readEvent(reader.message()));
    else if (field === 4) request.isFinal = reader.varint() === 1;
    else reader.skip();
  }
  return request;
}

/** The options of both kinds of append agree in these fields. */
function readTarget(reader: WireReader): AppendTarget {
  const target: AppendTarget = { streamName: undefined, expected: undefined, deadline: undefined };
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) target.streamName = readStreamIdentifier(reader.message());
    else if (field === 2) target.expected = reader.varint();
    else if (field === 6) target.deadline = { kind: 'at', ms: readTimeMs(reader.message()) };
    else if (field === 7) target.deadline = { kind: 'in', ms: readTimeMs(reader.message()) };
    else {
      if (field === 3) target.expected = 'no_stream';
      if (field === 4) target.expected = 'any';
      if (field === 5) target.expected = 'stream_exists';
      reader.skip();
    }
  }
  return target;
}

const FIRST_NEGATIVE = 2 ** 63;
const MS_PER_SECOND = 1000;
const NS_PER_MS = 1_000_000;

/** `Timestamp` and `Duration` agree: seconds, then nanoseconds; negative ones are very large here. */
function readTimeMs(reader: WireReader): number {
  let ms = 0;
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    const value = reader.varint();
    if (value >= FIRST_NEGATIVE) return -Infinity;
    ms += field === 1 ? value * MS_PER_SECOND : value / NS_PER_MS;
  }
  return ms;
}

function readStreamIdentifier(reader: WireReader): string {
  let name = '';
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 3) name = reader.text();
    else reader.skip();
  }
  return name;
}

function readEvent(reader: WireReader): RawEvent {
  const empty = Buffer.alloc(0);
  const event: RawEvent = {
    id: undefined,
    metadata: new Map(),
    data: empty,
    customMetadata: empty,
  };
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) event.id = readUuid(reader.message());
    else if (field === 2) readMapEntry(reader.message(), event.metadata);
    else if (field === 3) event.customMetadata = reader.lengthDelimited();
    else if (field === 4) event.data = reader.lengthDelimited();
    else reader.skip();
  }
  return event;
}

function readMapEntry(reader: WireReader, map: Map<string, string>): void {
  let key = '';
  let value = '';
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) key = reader.text();
    else if (field === 2) value = reader.text();
    else reader.skip();
  }
  map.set(key, value);
}

/** A UUID is sent as text, or as two signed 64-bit halves. */
function readUuid(reader: WireReader): string {
  let text = '';
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) text = readStructuredUuid(reader.message());
    else if (field === 2) text = reader.text();
    else reader.skip();
  }
  return text;
}

function readStructuredUuid(reader: WireReader): string {
  const halves = ['', ''];
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    halves[field - 1] = reader.varint64().toString(16).padStart(16, '0');
  }
  const hex = halves.map((half) => half.padStart(16, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
