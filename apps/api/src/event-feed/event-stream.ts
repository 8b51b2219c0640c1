import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FeedItem } from './envelope.js';
import type { FeedReader } from './feed-reader.js';
import { limits } from '../http/limits.js';
import { BEFORE_ALL, showPosition } from '../events/feed-position.js';

export interface StreamTimings {
  /** A silent stream says this often how far it has got. */
  readonly heartbeatMs: number;
  /** A reader is asked about this often, whatever the events say of it. */
  readonly checkMs: number;
  /** For so long a reader may go on unchecked while the stores do not answer. */
  readonly uncheckedMs: number;
}

export interface StreamParts {
  readonly reader: FeedReader;
  readonly out: ServerResponse;
  readonly signal: AbortSignal;
  /** Whether the reader may still read. */
  readonly mayStillRead: () => Promise<boolean>;
  readonly timings?: StreamTimings;
}

export const STREAM_TIMINGS: StreamTimings = {
  heartbeatMs: 3_000,
  checkMs: 6_000,
  uncheckedMs: 20_000,
};
const RECONNECT_MS = 1_000;
const BATCH = { limit: limits.feed.batch, size: limits.feed.batchSize };

/**
 * Writes a subscriber's events as server-sent events until it leaves or may no longer read. At most one
 * batch of events waits in this process for a slow reader; one that takes nothing loses its connection, as
 * with every answer. Of what
 * happens after the right to read was lost nothing is written: live events end with the one that took
 * it away, and before those of the past are written, which may have left that one out, it is asked for.
 */
export async function streamEvents(parts: StreamParts): Promise<void> {
  const { reader, out, signal, timings = STREAM_TIMINGS } = parts;
  const check = new RepeatedCheck(parts.mayStillRead, timings);
  await write(out, `retry: ${RECONNECT_MS}\n\n${heartbeat(reader.position)}`);
  while (!signal.aborted && !out.destroyed) {
    const items = await reader.next(BATCH, timings.heartbeatMs);
    if (!reader.isOver && !(await check.passes(reader.isDoubtful))) return;
    if (reader.isOver && items.length === 0) return;
    const text = items.length > 0 ? items.map(message).join('') : heartbeat(reader.position);
    await write(out, text);
    if (reader.isOver) return;
  }
}

const message = ({ id, json }: FeedItem): string => `id: ${id}\ndata: ${json}\n\n`;

/** Carries an id as well, so that whoever resumes does not look at the silence again. */
function heartbeat(position: string): string {
  if (position === BEFORE_ALL) return ': waiting\n\n';
  const shown = showPosition(position);
  return `id: ${shown}\nevent: heartbeat\ndata: {"position":"${shown}"}\n\n`;
}

/** Holds the stream back while the reader does not take what it was sent. */
async function write(out: ServerResponse, text: string): Promise<void> {
  if (out.destroyed || out.write(text)) return;
  const left = new AbortController();
  try {
    const { signal } = left;
    await Promise.race([once(out, 'drain', { signal }), once(out, 'close', { signal })]);
  } finally {
    left.abort();
  }
}

class RepeatedCheck {
  private passedAt = performance.now();

  constructor(
    private readonly mayStillRead: () => Promise<boolean>,
    private readonly timings: StreamTimings,
  ) {}

  /** @param now whether it is asked whenever it was asked last */
  async passes(now: boolean): Promise<boolean> {
    const startedAt = performance.now();
    if (!now && startedAt - this.passedAt < this.timings.checkMs) return true;
    try {
      if (!(await this.mayStillRead())) return false;
      this.passedAt = startedAt;
      return true;
    } catch {
      // The stores cannot tell at the moment; a reader that passed shortly ago is given some time.
      return startedAt - this.passedAt < this.timings.uncheckedMs;
    }
  }
}
