import {
  BACKWARDS,
  END,
  type EventStoreDBClient,
  type ReadStreamOptions,
  StreamNotFoundError,
} from '@eventstore/db-client';
import { unavailable } from './client-errors.js';
import { decode } from './codec.js';
import type { Connection } from './connection.js';
import { EventLogError } from './errors.js';
import { comparePositions } from './position.js';
import { type AllQuery, type PlaceInStream, readAll } from './read-all.js';
import type { LogPosition, Place, RecordedEvent } from './recorded-event.js';

const READ_MS = 2_000;
/** The server looks at some 200,000 events a second. It has to look at many only when little is known. */
const SEARCH_MS = 10_000;

/** The server's answer to a read from where no event begins. */
const NO_PLACE = /Unexpected (Filtered)?ReadAllResult/;
const isNoPlace = (error: unknown): boolean =>
  error instanceof EventLogError && NO_PLACE.test(error.message);

/**
 * What the log holds at this moment, asked of the leader: a node that is no leader any more goes on
 * answering with what it has. Errors are `event_log_unavailable`, unless said otherwise.
 */
export class LogReader {
  constructor(private readonly connection: Connection) {}

  /**
   * The events of a stream in order, from a revision on; none when the stream does not exist. They are read
   * some at a time, each within the deadline: a long stream takes longer, and is no sign of a dead connection.
   */
  async stream(streamName: string, fromRevision = 0n): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    try {
      for (;;) {
        const from = events.length === 0 ? fromRevision : revisionOf(events) + 1n;
        const page = await this.connection.read(READ_MS, (client, signal) =>
          readPage(client, streamName, from, signal),
        );
        events.push(...page.events);
        if (page.isLast) return events;
      }
    } catch (error) {
      throw unavailable(error);
    }
  }

  /** The newest event of anybody, `null` in an empty log. */
  async newest(): Promise<PlaceInStream | null> {
    return (
      (await this.all({ direction: 'backwards', from: 'end', maxCount: 1, whose: 'all' }))[0] ??
      null
    );
  }

  /** The newest of Keytrail's events, before a position or at all. Looks as far back as it has to. */
  async newestOfOurs(before: LogPosition | 'end' = 'end'): Promise<Place | null> {
    const [found] = await this.all({
      ...{ direction: 'backwards', from: before, maxCount: 1, whose: 'ours' },
    });
    return found ?? null;
  }

  /** The newest of Keytrail's events at or before a position; `null` also when no event stands there. */
  async lastOfOursUpTo(position: LogPosition): Promise<Place | null> {
    try {
      const [at] = await this.all({
        ...{ direction: 'forwards', from: position, maxCount: 1, whose: 'ours' },
      });
      return at && comparePositions(at.position, position) === 0
        ? at
        : await this.newestOfOurs(position);
    } catch (error) {
      if (isNoPlace(error)) return null;
      throw error;
    }
  }

  /** Whether any of Keytrail's events stands after a position; that is not known where no event stands. */
  async isFollowed(after: LogPosition): Promise<boolean | 'unknown'> {
    try {
      // A read forwards begins with the event at the position itself.
      const found = await this.all({
        ...{ direction: 'forwards', from: after, maxCount: 2, whose: 'ours' },
      });
      return found.some(({ position }) => comparePositions(position, after) > 0);
    } catch (error) {
      if (isNoPlace(error)) return 'unknown';
      throw error;
    }
  }

  /** Whether the very event that was seen at a place stands there. */
  async holds({ position, eventId }: Place): Promise<boolean> {
    try {
      const [found] = await this.all({
        ...{ direction: 'forwards', from: position, maxCount: 1, whose: 'all' },
      });
      return found?.eventId === eventId;
    } catch (error) {
      if (isNoPlace(error)) return false;
      throw error;
    }
  }

  private async all(query: AllQuery): Promise<PlaceInStream[]> {
    try {
      const deadlineMs = query.whose === 'ours' ? SEARCH_MS : READ_MS;
      return await this.connection.read(deadlineMs, (client, signal) =>
        readAll(client, query, signal),
      );
    } catch (error) {
      throw unavailable(error);
    }
  }
}

const PAGE = 1_000;

interface StreamPage {
  readonly events: readonly RecordedEvent[];
  /** Whether they reach to the end that the stream had. */
  readonly isLast: boolean;
}

/**
 * A read can end as if it were complete when the server stops in the middle of it. So the stream's end
 * is asked for at the same time, and the read counts only when it has come that far or is full. When it has
 * not, it is read on once: somebody may have written to the stream between the two.
 */
async function readPage(
  client: EventStoreDBClient,
  streamName: string,
  from: bigint,
  signal: AbortSignal,
): Promise<StreamPage> {
  const read = (options: ReadStreamOptions): Promise<RecordedEvent[]> =>
    readSome(client, streamName, signal, options);
  const [[last], events] = await Promise.all([
    read({ direction: BACKWARDS, fromRevision: END, maxCount: 1 }),
    read({ fromRevision: from, maxCount: PAGE }),
  ]);
  const end = last?.revision ?? -1n;
  if (end < from || revisionOf(events) >= end) return { events, isLast: true };
  if (events.length === PAGE) return { events, isLast: false };
  const fromRevision = events.length === 0 ? from : revisionOf(events) + 1n;
  const more = await read({ fromRevision, maxCount: PAGE });
  const whole = [...events, ...more];
  if (revisionOf(whole) >= end) return { events: whole, isLast: true };
  if (more.length === PAGE) return { events: whole, isLast: false };
  throw new EventLogError(
    'event_log_unavailable',
    `The read of ${streamName} ended at revision ${revisionOf(whole)} of ${end}`,
  );
}

const revisionOf = (events: readonly RecordedEvent[]): bigint => events.at(-1)?.revision ?? -1n;

async function readSome(
  client: EventStoreDBClient,
  streamName: string,
  signal: AbortSignal,
  options: ReadStreamOptions,
): Promise<RecordedEvent[]> {
  const reading = client.readStream(streamName, { ...options, requiresLeader: true });
  signal.addEventListener('abort', () => void reading.cancel());
  const events: RecordedEvent[] = [];
  try {
    for await (const { event } of reading) {
      if (!event) continue;
      if (!event.position) throw new Error(`An event of ${streamName} came without its position`);
      events.push(decode(event, event.position));
    }
  } catch (error) {
    if (!(error instanceof StreamNotFoundError)) throw error;
  }
  return events;
}
