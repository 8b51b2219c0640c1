import { streamPrefixes } from '@keytrail/domain';
import { EventLogError, isMismatch } from './errors.js';
import type { LogReader } from './log-reader.js';
import { comparePositions } from './position.js';
import type { PlaceInStream } from './read-all.js';
import type { Place, Progress } from './recorded-event.js';

/**
 * Where the head of the log is: the newest event of Keytrail's that any process may have had
 * acknowledged before the question. Only what came since the last look is searched, so that it costs
 * the same whatever others have written before and however large their events are.
 */
export class Head {
  private known: Progress | null = null;

  constructor(private readonly reader: LogReader) {}

  /**
   * @param hint how far somebody is known to have come, from where a first look begins
   * @throws EventLogError `event_log_unavailable`; `event_log_mismatch` when the log does not hold what
   *   was seen in it before
   */
  async read(hint: Progress | null): Promise<Progress> {
    const newest = await this.reader.newest();
    if (newest === null || isOurs(newest)) return this.keep({ last: newest, searched: null });
    const from = furthest(this.known, hint);
    if (from !== null && placeOf(from)?.eventId === newest.eventId) return this.keep(from);
    try {
      return this.keep({ last: await this.lastBefore(newest, from), searched: newest });
    } catch (error) {
      // What this process remembers of another log counts no more once others have built on this one.
      if (from === hint || !isMismatch(error)) throw error;
      this.known = null;
      return this.read(hint);
    }
  }

  /** The newest of Keytrail's events, when somebody else's stands behind it. */
  private async lastBefore(newest: PlaceInStream, from: Progress | null): Promise<Place | null> {
    const looked = from && placeOf(from);
    if (!from || !looked) return this.reader.newestOfOurs();
    const [isThere, isFollowed] = await Promise.all([
      this.reader.holds(looked),
      comparePositions(looked.position, newest.position) < 0 &&
        this.reader.isFollowed(looked.position),
    ]);
    if (isThere) return isFollowed ? this.reader.newestOfOurs() : from.last;
    // An event of others may be gone by their own will; what counts are Keytrail's.
    await verify(this.reader, from);
    return this.reader.newestOfOurs();
  }

  private keep(head: Progress): Progress {
    this.known = head;
    return head;
  }
}

const isOurs = ({ streamName }: PlaceInStream): boolean =>
  streamPrefixes.some((prefix) => streamName.startsWith(prefix));

/** From where on nothing has been looked at; `null` for the log's very beginning. */
export const placeOf = ({ last, searched }: Progress): Place | null => searched ?? last;

function furthest(one: Progress | null, other: Progress | null): Progress | null {
  if (!one || !other) return one ?? other;
  const [a, b] = [placeOf(one), placeOf(other)];
  if (!a || !b) return a ? one : other;
  return comparePositions(a.position, b.position) >= 0 ? one : other;
}

/**
 * Makes sure that a log is the one in which somebody has come so far, and not another one, nor an older
 * copy of it that was put back, whether it has grown since or not.
 *
 * @throws EventLogError `event_log_mismatch`, `event_log_unavailable`
 */
export async function verify(reader: LogReader, { last }: Progress): Promise<void> {
  if (!last || (await reader.holds(last))) return;
  throw new EventLogError(
    'event_log_mismatch',
    `This event log does not hold the event that was read at position ${last.position.commit} before: it is another log, or an older copy of it`,
  );
}
