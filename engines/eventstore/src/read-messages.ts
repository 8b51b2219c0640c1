import type { LogPosition } from './log-position.js';
import { WireWriter } from './wire-writer.js';

/** Field numbers of ReadResp and of its messages. */
const RESPONSE = {
  confirmation: 2,
  checkpoint: 3,
  streamNotFound: 4,
  firstStreamPosition: 5,
  lastStreamPosition: 6,
  caughtUp: 8,
};
const STREAM_IDENTIFIER = { streamName: 3 };
const POSITION = { commit: 1, prepare: 2 };
const CHECKPOINT = { ...POSITION, timestamp: 3 };
const CAUGHT_UP = { timestamp: 1, streamRevision: 2, position: 3 };
const TIMESTAMP = { seconds: 1, nanos: 2 };
const MS_PER_SECOND = 1000;
const NS_PER_MS = 1_000_000;

const writer = new WireWriter();

export function confirmationMessage(subscriptionId: string): Buffer {
  writer.text(1, subscriptionId);
  writer.message(RESPONSE.confirmation, 0);
  return writer.finish();
}

/** `max` is the largest number there is, which up to 24.10.4 stood for "nowhere yet". */
export function checkpointMessage(position: LogPosition | 'max', nowMs: number): Buffer {
  writeTimestamp(CHECKPOINT.timestamp, nowMs);
  if (position === 'max') {
    writer.maxUint64(CHECKPOINT.prepare);
    writer.maxUint64(CHECKPOINT.commit);
  } else writePosition(position);
  writer.message(RESPONSE.checkpoint, 0);
  return writer.finish();
}

export function streamNotFoundMessage(streamName: string): Buffer {
  writer.text(STREAM_IDENTIFIER.streamName, streamName);
  writer.message(1, 0);
  writer.message(RESPONSE.streamNotFound, 0);
  return writer.finish();
}

export function firstStreamPositionMessage(revision: number): Buffer {
  writer.uint(RESPONSE.firstStreamPosition, revision);
  return writer.finish();
}

export function lastStreamPositionMessage(revision: number): Buffer {
  writer.uint(RESPONSE.lastStreamPosition, revision);
  return writer.finish();
}

/** `reached` is the place to resume from: a revision of the stream, or a position in $all. */
export function caughtUpMessage(reached: number | LogPosition, nowMs: number): Buffer {
  if (typeof reached !== 'number') {
    if (reached.commit >= 0) {
      writePosition(reached);
      writer.message(CAUGHT_UP.position, 0);
    }
  } else if (reached >= 0) writer.uint(CAUGHT_UP.streamRevision, reached);
  writeTimestamp(CAUGHT_UP.timestamp, nowMs);
  writer.message(RESPONSE.caughtUp, 0);
  return writer.finish();
}

function writePosition({ commit, prepare }: LogPosition): void {
  writer.uint(POSITION.prepare, prepare);
  writer.uint(POSITION.commit, commit);
}

function writeTimestamp(field: number, ms: number): void {
  const before = writer.length;
  writer.uint(TIMESTAMP.nanos, (ms % MS_PER_SECOND) * NS_PER_MS);
  writer.uint(TIMESTAMP.seconds, Math.floor(ms / MS_PER_SECOND));
  writer.message(field, before);
}
