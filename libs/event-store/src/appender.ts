import { NO_STREAM, WrongExpectedVersionError } from '@eventstore/db-client';
import { messageOf } from '@keytrail/platform';
import { setTimeout as pause } from 'node:timers/promises';
import { classOf, type ErrorClass, unavailable } from './client-errors.js';
import type { EncodedEvent } from './codec.js';
import type { Connection } from './connection.js';
import { EventLogError } from './errors.js';
import type { LogReader } from './log-reader.js';
import type { LogPosition } from './recorded-event.js';

/** The revision of a stream's last event, or that the stream must not exist yet. */
export type Revision = bigint | 'no_stream';

export interface Appended {
  /** The revision of the last event written. */
  readonly revision: bigint;
  /** The place of the last event written in the order of the log. */
  readonly position: LogPosition;
}

export interface AppendOptions {
  /** How long to go on repeating an append whose outcome is unknown, in milliseconds. */
  readonly giveUpAfterMs: number;
}

const ATTEMPT_MS = 1_500;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;
/** An error that nobody knows is repeated so often: it may have been the connection's. */
const UNKNOWN_ATTEMPTS = 3;

/**
 * Appends over one connection. The client's batch append keeps one table of pending calls for the whole
 * process: an error on one of its streams rejects them all, and an answer that then still comes on
 * another stream breaks the process. So appends have a connection of their own, and never two at a time.
 */
export class Appender {
  /** When an append was last acknowledged, on the monotonic clock; none may have failed since. */
  private durableAt = -Infinity;

  constructor(
    private readonly connection: Connection,
    private readonly reader: LogReader,
  ) {}

  /** How long ago the last append was acknowledged, in milliseconds; infinite after one that failed. */
  get durableForMs(): number {
    return performance.now() - this.durableAt;
  }

  /**
   * Appends events at an expected revision and answers once they are durable. An append whose outcome
   * is unknown is repeated with the same event ids and the same expected revision, which writes
   * nothing twice.
   *
   * @throws EventLogError
   */
  async append(
    streamName: string,
    events: readonly EncodedEvent[],
    expected: Revision,
    { giveUpAfterMs }: AppendOptions,
  ): Promise<Appended> {
    const giveUpAt = performance.now() + giveUpAfterMs;
    let pauseMs = FIRST_PAUSE_MS;
    for (let attempt = 1; ; attempt += 1) {
      const leftMs = Math.max(giveUpAt - performance.now(), 1);
      try {
        const appended = await this.attempt(
          streamName,
          events,
          expected,
          Math.min(ATTEMPT_MS, leftMs),
        );
        this.durableAt = performance.now();
        return appended;
      } catch (error) {
        if (error instanceof WrongExpectedVersionError) {
          const written = attempt > 1 ? await this.findWritten(streamName, events) : null;
          if (written !== null) return written;
          throw new EventLogError('wrong_expected_revision', error.message, { cause: error });
        }
        this.durableAt = -Infinity;
        const kind = classOf(error);
        const mayPass = kind === 'transient' || (kind === 'unknown' && attempt < UNKNOWN_ATTEMPTS);
        if (!mayPass) throw permanent(kind, error);
        if (performance.now() + pauseMs >= giveUpAt) throw unavailable(error);
      }
      await pause(pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  private async attempt(
    streamName: string,
    events: readonly EncodedEvent[],
    expected: Revision,
    deadlineMs: number,
  ): Promise<Appended> {
    const { nextExpectedRevision: revision, position } = await this.connection.write(
      deadlineMs,
      (client) =>
        client.appendToStream(
          streamName,
          events.map(({ data }) => data),
          {
            expectedRevision: expected === 'no_stream' ? NO_STREAM : expected,
            requiresLeader: true,
            // It would travel as an absolute time, and the server's clock may differ.
            deadline: Infinity,
          },
        ),
    );
    if (position) return { revision, position };
    throw new EventLogError(
      'event_log_unavailable',
      `The log acknowledged an append to ${streamName} without its position: its events are hidden there`,
    );
  }

  /** After a repeat met a moved stream: did the first attempt write these very events? */
  private async findWritten(
    streamName: string,
    events: readonly EncodedEvent[],
  ): Promise<Appended | null> {
    const id = events.at(-1)?.data.id;
    const written = (await this.reader.stream(streamName)).find((event) => event.id === id);
    return written ? { revision: written.revision, position: written.position } : null;
  }
}

function permanent(kind: ErrorClass, error: unknown): EventLogError {
  if (kind !== 'stream_deleted' && kind !== 'unwritable') return unavailable(error);
  const code = kind === 'unwritable' ? 'unwritable_event' : 'stream_deleted';
  return new EventLogError(code, messageOf(error), { cause: error });
}
