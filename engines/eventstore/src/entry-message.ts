import type { EventLog, LogEntry } from './event-log.js';
import type { EntryStyle } from './read-request.js';
import { field, recordedData } from './recorded-data.js';
import { recordEventType, recordMessage } from './record.js';
import { METASTREAM_PREFIX } from './stream-name.js';
import { WireWriter } from './wire-writer.js';

const LINK_EVENT_TYPE = '$>';
const READ_EVENT = { event: 1, link: 2, commitPosition: 3 };
const RECORDED = { id: 1 };
const UUID = { structured: 1 };
const STRUCTURED_UUID = { mostSignificant: 1, leastSignificant: 2 };

/** A record begins with the id as text: two tags, two lengths, then its 36 characters. */
const ID_TEXT = { start: 4, end: 40 };

const writer = new WireWriter();

/** Without a number in front it is no link, whatever its type. */
const LINK_PATTERN = /^(-?\d+)(?:@(.*))?$/s;
const LAST_EVENT = -1;

/**
 * The response that carries an entry; for a link (`revision@stream`) that is to be resolved with the
 * event it points to, if readable.
 */
export function entryMessage(log: EventLog, entry: LogEntry, style: EntryStyle): Buffer {
  const { record, position } = entry;
  const message = recordMessage(record);
  const link = style.resolveLinks ? linkOf(record, message) : undefined;
  if (!link && !style.structuredIds) return message;
  writer.uint(READ_EVENT.commitPosition, position);
  if (link) {
    writeRecorded(READ_EVENT.link, message, style);
    const target = linkTarget(log, link.streamName, link.revision);
    if (target) writeRecorded(READ_EVENT.event, recordMessage(target.record), style);
  } else writeRecorded(READ_EVENT.event, message, style);
  writer.message(1, 0);
  return writer.finish();
}

function linkOf(
  record: Buffer,
  message: Buffer,
): { streamName: string; revision: number } | undefined {
  if (recordEventType(record) !== LINK_EVENT_TYPE) return undefined;
  const link = LINK_PATTERN.exec(recordedData(message).toString('utf8'));
  return link ? { streamName: link[2] ?? '', revision: Number(link[1]) } : undefined;
}

function linkTarget(log: EventLog, streamName: string, revision: number): LogEntry | undefined {
  const isNameless = streamName === '' || streamName === METASTREAM_PREFIX;
  if (isNameless || log.isTombstoned(streamName)) return undefined;
  const state = log.stream(streamName);
  if (!state) return undefined;
  const exact = revision === LAST_EVENT ? state.lastRevision : revision;
  return log.readableAt(state, exact, Date.now());
}

function writeRecorded(target: number, message: Buffer, style: EntryStyle): void {
  const recorded = field(field(message, 1), READ_EVENT.event);
  if (!style.structuredIds) {
    writer.bytes(target, recorded);
    return;
  }
  const before = writer.length;
  writer.raw(recorded.subarray(ID_TEXT.end));
  const id = writer.length;
  const hex = recorded.toString('latin1', ID_TEXT.start, ID_TEXT.end).replaceAll('-', '');
  writer.bits64(STRUCTURED_UUID.leastSignificant, BigInt(`0x${hex.slice(16)}`));
  writer.bits64(STRUCTURED_UUID.mostSignificant, BigInt(`0x${hex.slice(0, 16)}`));
  writer.message(UUID.structured, id);
  writer.message(RECORDED.id, id);
  writer.message(target, before);
}
