import { WireWriter } from './wire-writer.js';

/**
 * An event as it lies in the log: a small header with the offsets that filters and checks need,
 * then the complete `ReadResp` message of the protocol, ready to be sent without any re-encoding.
 *
 * header: u16 offset of the id, u16 offset and u16 length of the stream name, u16 offset and u16
 * length of the event type, f64 time of recording in ms since the epoch.
 */
const HEADER_BYTES = 18;
const HEADER = { id: 0, name: 2, nameLength: 4, type: 6, typeLength: 8, createdMs: 10 };
const EMPTY_HEADER = Buffer.alloc(HEADER_BYTES);
const UUID_TEXT_BYTES = 36;

/** Field numbers of ReadResp, ReadResp.ReadEvent and ReadResp.ReadEvent.RecordedEvent. */
const RESPONSE = { event: 1 };
const READ_EVENT = { event: 1, link: 2, commitPosition: 3 };
const RECORDED = {
  id: 1,
  streamIdentifier: 2,
  revision: 3,
  preparePosition: 4,
  commitPosition: 5,
  metadata: 6,
  customMetadata: 7,
  data: 8,
};
const UUID = { string: 2 };
const STREAM_IDENTIFIER = { streamName: 3 };
const MAP_ENTRY = { key: 1, value: 2 };

/** Longer names are refused, as the header keeps 16 bits for offsets. */
export const MAX_NAME_BYTES = 24 * 1024;

export interface ProposedEvent {
  /** Canonical lower-case UUID text. */
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly customMetadata: Uint8Array;
}

export interface RecordPlace {
  readonly streamName: string;
  /** `tombstone` stands for the largest signed 64-bit integer, as the real server records it. */
  readonly revision: number | 'tombstone';
  readonly position: number;
  readonly createdMs: number;
}

const writer = new WireWriter();

/** Encodes an event for the log. Fields are written last first, see WireWriter. */
export function encodeRecord(event: ProposedEvent, place: RecordPlace): Buffer {
  writer.uint(READ_EVENT.commitPosition, place.position);
  const recordedEvent = writer.length;
  if (event.data.length > 0) writer.bytes(RECORDED.data, event.data);
  if (event.customMetadata.length > 0) writer.bytes(RECORDED.customMetadata, event.customMetadata);
  metadataEntry('content-type', event.contentType);
  metadataEntry('created', `${place.createdMs}0000`);
  const typeFromEnd = writer.length;
  metadataEntry('type', event.type);
  writer.uint(RECORDED.commitPosition, place.position);
  writer.uint(RECORDED.preparePosition, place.position);
  if (place.revision === 'tombstone') writer.maxInt64(RECORDED.revision);
  else writer.uint(RECORDED.revision, place.revision);
  const nameFromEnd = writer.length;
  writer.text(STREAM_IDENTIFIER.streamName, place.streamName);
  writer.message(RECORDED.streamIdentifier, nameFromEnd);
  const idFromEnd = writer.length;
  writer.text(UUID.string, event.id);
  writer.message(RECORDED.id, idFromEnd);
  writer.message(READ_EVENT.event, recordedEvent);
  writer.message(RESPONSE.event, 0);
  writer.raw(EMPTY_HEADER);

  const record = writer.finish();
  const nameLength = Buffer.byteLength(place.streamName);
  const typeLength = Buffer.byteLength(event.type);
  record.writeUInt16BE(record.length - idFromEnd - UUID_TEXT_BYTES, HEADER.id);
  record.writeUInt16BE(record.length - nameFromEnd - nameLength, HEADER.name);
  record.writeUInt16BE(nameLength, HEADER.nameLength);
  record.writeUInt16BE(record.length - typeFromEnd - typeLength, HEADER.type);
  record.writeUInt16BE(typeLength, HEADER.typeLength);
  record.writeDoubleBE(place.createdMs, HEADER.createdMs);
  return record;
}

/** The value is written after the key in memory, thus first: it ends where the entry ends. */
function metadataEntry(key: string, value: string): void {
  const before = writer.length;
  writer.text(MAP_ENTRY.value, value);
  writer.text(MAP_ENTRY.key, key);
  writer.message(RECORDED.metadata, before);
}

/** The `ReadResp` message of a record, as a view. */
export function recordMessage(record: Buffer): Buffer {
  return record.subarray(HEADER_BYTES);
}

export function recordEventId(record: Buffer): string {
  const offset = record.readUInt16BE(HEADER.id);
  return record.toString('latin1', offset, offset + UUID_TEXT_BYTES);
}

export function recordStreamName(record: Buffer): string {
  return textAt(record, HEADER.name, HEADER.nameLength);
}

export function recordEventType(record: Buffer): string {
  return textAt(record, HEADER.type, HEADER.typeLength);
}

export function recordCreatedMs(record: Buffer): number {
  return record.readDoubleBE(HEADER.createdMs);
}

function textAt(record: Buffer, offsetAt: number, lengthAt: number): string {
  const offset = record.readUInt16BE(offsetAt);
  return record.toString('utf8', offset, offset + record.readUInt16BE(lengthAt));
}
