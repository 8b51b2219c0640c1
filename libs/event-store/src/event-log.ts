import {
  BACKWARDS,
  END,
  ErrorType,
  type EventData,
  type EventStoreDBClient,
  NO_STREAM,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { messageOf } from '@keytrail/platform';
import { setTimeout as pause } from 'node:timers/promises';
import { decode, encode } from './codec.js';
import type { EncodedEvent, NewEvent } from './codec.js';
import { Connection, openClient, typeOf } from './connection.js';
import { EventLogError } from './errors.js';
import { comparePositions } from './position.js';
import type { LogPosition, RecordedEvent } from './recorded-event.js';
import { streamPrefixes } from './streams.js';

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
const READ_MS = 2_000;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;
const HEAD_PAGES = [1, 32, 512, 4_096];

/**
 * The event log, over the official client. One object per process.
 */
export class EventLog {
  private readonly appends: Connection;
  private readonly reads: Connection;

  /** @param url connection string, `esdb://[user:password@]host:port[?tls=false]` */
  constructor(private readonly url: string) {
    // The client's batch append keeps one table of pending calls for the whole process: an error on
    // one of its streams rejects them all, and an answer that then still comes on another stream
    // breaks the process. So appends have a connection of their own, and never two at a time.
    this.appends = new Connection(url);
    this.reads = new Connection(url);
  }

  /** A client of the caller's own, to be disposed of by the caller. */
  connect(): EventStoreDBClient {
    return openClient(this.url);
  }

  /**
   * Appends events at an expected revision and answers once they are durable. An append whose outcome
   * is unknown is repeated with the same event ids and the same expected revision, which writes
   * nothing twice.
   *
   * @throws EventLogError `wrong_expected_revision`, `event_log_unavailable`, `unwritable_event`
   */
  async append(
    streamName: string,
    events: readonly NewEvent[],
    expected: Revision,
    options: AppendOptions,
  ): Promise<Appended> {
    return this.appendEncoded(streamName, events.map(encode), expected, options);
  }

  /** Appends what was encoded before. @throws EventLogError as `append` */
  async appendEncoded(
    streamName: string,
    encoded: readonly EncodedEvent[],
    expected: Revision,
    { giveUpAfterMs }: AppendOptions,
  ): Promise<Appended> {
    const events = encoded.map(({ data }) => data);
    const giveUpAt = performance.now() + giveUpAfterMs;
    let pauseMs = FIRST_PAUSE_MS;
    for (let attempt = 1; ; attempt += 1) {
      const leftMs = Math.max(giveUpAt - performance.now(), 1);
      try {
        const result = await this.appends.call(Math.min(ATTEMPT_MS, leftMs), (client, deadline) =>
          client.appendToStream(streamName, events, {
            expectedRevision: expected === 'no_stream' ? NO_STREAM : expected,
            deadline,
          }),
        );
        if (result.position === undefined) throw new Error('The log answered without a position');
        return { revision: result.nextExpectedRevision, position: result.position };
      } catch (error) {
        if (error instanceof WrongExpectedVersionError) {
          const written = attempt > 1 ? await this.findWritten(streamName, events) : null;
          if (written !== null) return written;
          throw new EventLogError('wrong_expected_revision', error.message, { cause: error });
        }
        if (!isTransient(error)) {
          throw new EventLogError('unwritable_event', messageOf(error), { cause: error });
        }
        if (performance.now() + pauseMs >= giveUpAt) throw unavailable(error);
      }
      await pause(pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  /** All events of a stream in order; none when the stream does not exist. */
  async readStream(streamName: string): Promise<RecordedEvent[]> {
    try {
      return await this.collect((client) => client.readStream(streamName, { deadline: READ_MS }));
    } catch (error) {
      if (error instanceof StreamNotFoundError) return [];
      throw unavailable(error);
    }
  }

  /**
   * The position of the newest of Keytrail's events, or `null` when there is none after `known`.
   * Other events that stand in the log (the server's own) are passed over.
   */
  async readHead(known: LogPosition | null): Promise<LogPosition | null> {
    for (const maxCount of HEAD_PAGES) {
      const page = await this.readBackwards(maxCount);
      for (const { streamName, position } of page) {
        if (known !== null && comparePositions(position, known) <= 0) return null;
        if (streamPrefixes.some((prefix) => streamName.startsWith(prefix))) return position;
      }
      if (page.length < maxCount) return null;
    }
    // So many foreign events in a row: the newest of them is a safe, later bound.
    return (await this.readBackwards(1))[0]?.position ?? null;
  }

  /** Resolves when the log answers; for readiness. @throws EventLogError `event_log_unavailable` */
  async ping(): Promise<void> {
    await this.readBackwards(1);
  }

  async close(): Promise<void> {
    await Promise.all([this.appends.close(), this.reads.close()]);
  }

  private async readBackwards(
    maxCount: number,
  ): Promise<{ streamName: string; position: LogPosition }[]> {
    try {
      return await this.reads.call(READ_MS, async (client, deadline) => {
        const found: { streamName: string; position: LogPosition }[] = [];
        const options = { direction: BACKWARDS, fromPosition: END, maxCount, deadline } as const;
        for await (const { event } of client.readAll(options)) {
          if (event) found.push({ streamName: event.streamId, position: event.position });
        }
        return found;
      });
    } catch (error) {
      throw unavailable(error);
    }
  }

  private async collect(
    read: (client: EventStoreDBClient) => ReturnType<EventStoreDBClient['readStream']>,
  ): Promise<RecordedEvent[]> {
    return this.reads.call(READ_MS, async (client) => {
      const events: RecordedEvent[] = [];
      for await (const { event } of read(client)) {
        if (event) events.push(decode(event, event.position ?? { commit: 0n, prepare: 0n }));
      }
      return events;
    });
  }

  /** After a repeat met a moved stream: did the first attempt write these very events? */
  private async findWritten(
    streamName: string,
    events: readonly EventData[],
  ): Promise<Appended | null> {
    const last = events.at(-1);
    const written = (await this.readStream(streamName)).find(({ id }) => id === last?.id);
    return written ? { revision: written.revision, position: written.position } : null;
  }
}

const PERMANENT: readonly unknown[] = [
  ErrorType.ACCESS_DENIED,
  ErrorType.INVALID_ARGUMENT,
  ErrorType.STREAM_DELETED,
  ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED,
  ErrorType.MISSING_REQUIRED_METADATA_PROPERTY,
];
const isTransient = (error: unknown): boolean => !PERMANENT.includes(typeOf(error));

function unavailable(cause: unknown): EventLogError {
  if (cause instanceof EventLogError) return cause;
  return new EventLogError('event_log_unavailable', messageOf(cause), { cause });
}
