import type { StreamLimits } from './stream-metadata.js';

/** What is known of a stream without reading its events; one small record per stream. */
export interface StreamState extends StreamLimits {
  /** Number that stands for the stream in the index of revisions. */
  readonly id: number;
  /** Revision of the last event, -1 while there is none. */
  lastRevision: number;
  tombstoned: boolean;
}

const STATE_BYTES = 37;

export function newStreamState(id: number, maxCount: number): StreamState {
  return {
    id,
    lastRevision: -1,
    tombstoned: false,
    truncateBefore: 0,
    maxCount,
    maxAgeSeconds: Infinity,
  };
}

export function encodeStreamState(state: StreamState): Buffer {
  const bytes = Buffer.allocUnsafe(STATE_BYTES);
  bytes.writeUInt32BE(state.id, 0);
  bytes.writeDoubleBE(state.lastRevision, 4);
  bytes.writeUInt8(state.tombstoned ? 1 : 0, 12);
  bytes.writeDoubleBE(state.truncateBefore, 13);
  bytes.writeDoubleBE(state.maxCount, 21);
  bytes.writeDoubleBE(state.maxAgeSeconds, 29);
  return bytes;
}

export function decodeStreamState(bytes: Buffer): StreamState {
  return {
    id: bytes.readUInt32BE(0),
    lastRevision: bytes.readDoubleBE(4),
    tombstoned: bytes.readUInt8(12) === 1,
    truncateBefore: bytes.readDoubleBE(13),
    maxCount: bytes.readDoubleBE(21),
    maxAgeSeconds: bytes.readDoubleBE(29),
  };
}

/** A stream that was deleted and not written to since: it reads as missing, its revisions go on. */
export function isSoftDeleted(state: StreamState): boolean {
  return state.truncateBefore === Infinity;
}

/** The revision of the first event that $tb and $maxCount leave readable. */
export function firstReadableRevision(state: StreamState): number {
  return Math.max(state.truncateBefore, state.lastRevision + 1 - state.maxCount, 0);
}
