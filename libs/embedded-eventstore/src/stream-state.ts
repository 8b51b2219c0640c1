/** What is known of a stream without reading its events; one small record per stream. */
export interface StreamState {
  /** Number that stands for the stream in the index of revisions. */
  readonly id: number;
  /** Revision of the last event, -1 while there is none. */
  lastRevision: number;
  tombstoned: boolean;
  /** $tb: earlier revisions are not read; Infinity while the stream is (softly) deleted. */
  truncateBefore: number;
  /** $maxCount, Infinity when unlimited. */
  maxCount: number;
  /** $maxAge in seconds, Infinity when unlimited. */
  maxAgeSeconds: number;
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

/** $tb of a deleted stream is the largest signed 64-bit integer, which JSON.parse rounds up. */
const DELETED_TRUNCATE_BEFORE = Number(2n ** 63n - 1n);

/** Takes the limits from the JSON of a metadata event; without valid JSON there are none. */
export function applyMetadata(state: StreamState, json: string): void {
  const metadata = parseObject(json);
  const limit = (name: string, least: number) => {
    const value = metadata[name];
    return typeof value === 'number' && value >= least ? value : undefined;
  };
  const truncateBefore = limit('$tb', 0) ?? 0;
  state.truncateBefore = truncateBefore >= DELETED_TRUNCATE_BEFORE ? Infinity : truncateBefore;
  state.maxCount = limit('$maxCount', 1) ?? Infinity;
  state.maxAgeSeconds = limit('$maxAge', 1) ?? Infinity;
}

const TRUNCATE_BEFORE_MARK = '<truncate-before>';

/** Metadata JSON with another $tb; the text is written directly as no number holds the deletion mark. */
export function withTruncateBefore(json: string, truncateBefore: number): string {
  const mark = truncateBefore === Infinity ? '9223372036854775807' : String(truncateBefore);
  const metadata = { ...parseObject(json), $tb: TRUNCATE_BEFORE_MARK };
  return JSON.stringify(metadata).replace(`"${TRUNCATE_BEFORE_MARK}"`, mark);
}

function parseObject(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
