import type { EventLog, LogEntry } from './event-log.js';
import { field, recordedData } from './recorded-data.js';
import { recordEventType, recordMessage } from './record.js';
import { isNameless } from './stream-name.js';
import { WireWriter } from './wire-writer.js';

const LINK_EVENT_TYPE = '$>';
const READ_EVENT = { event: 1, link: 2, commitPosition: 3 };

const writer = new WireWriter();

/** Without a number in front it is no link, whatever its type. */
const LINK_PATTERN = /^(-?\d+)(?:@(.*))?$/s;
const LAST_EVENT = -1;

/**
 * The response that carries an entry; for a link (`revision@stream`) that is to be resolved with the
 * event it points to, if readable.
 */
export function entryMessage(log: EventLog, entry: LogEntry, resolveLinks: boolean): Buffer {
  const { record, position } = entry;
  const message = recordMessage(record);
  if (!resolveLinks || recordEventType(record) !== LINK_EVENT_TYPE) return message;
  const link = LINK_PATTERN.exec(recordedData(message).toString('utf8'));
  if (!link) return message;
  const [, revision, streamName = ''] = link;
  const target = linkTarget(log, streamName, Number(revision));
  writer.uint(READ_EVENT.commitPosition, position);
  writer.bytes(READ_EVENT.link, recordedEventOf(message));
  if (target) writer.bytes(READ_EVENT.event, recordedEventOf(recordMessage(target.record)));
  writer.message(1, 0);
  return writer.finish();
}

function linkTarget(log: EventLog, streamName: string, revision: number): LogEntry | undefined {
  if (isNameless(streamName) || log.isTombstoned(streamName)) return undefined;
  const state = log.stream(streamName);
  if (!state) return undefined;
  const exact = revision === LAST_EVENT ? state.lastRevision : revision;
  return log.readableAt(state, exact, Date.now());
}

function recordedEventOf(message: Buffer): Buffer {
  return field(field(message, 1), READ_EVENT.event);
}
