import type { EventStoreDBClient } from '@eventstore/db-client';
import type { EventOf, StreamName } from '@keytrail/domain';
import { type Appended, Appender, type AppendOptions, type Revision } from './appender.js';
import { encode } from './codec.js';
import type { EncodedEvent, NewEvent } from './codec.js';
import { Connection, openClient } from './connection.js';
import { Head, verify } from './head.js';
import { type LogIdentity, openLog } from './identity.js';
import { LogReader } from './log-reader.js';
import { readAll } from './read-all.js';
import type { LogPosition, Place, Progress, RecordedEvent } from './recorded-event.js';

/** How old the last acknowledged append may be to prove that the next one will be. */
const PROVEN_FOR_MS = 5_000;

/**
 * The event log, over the official client. One object per process. Whatever it answers is asked of the
 * leader. Errors are `EventLogError`s: `event_log_unavailable`, unless said otherwise.
 */
export class EventLog {
  private readonly appendConnection: Connection;
  private readonly readConnection: Connection;
  private readonly appender: Appender;
  private readonly reader: LogReader;
  private readonly headOfLog: Head;
  private proof: Promise<void> | undefined;

  /** @param url connection string, `esdb://[user:password@]host:port[?tls=false]` */
  constructor(private readonly url: string) {
    this.appendConnection = new Connection(url, readNewest);
    this.readConnection = new Connection(url, readNewest);
    this.reader = new LogReader(this.readConnection);
    this.appender = new Appender(this.appendConnection, this.reader);
    this.headOfLog = new Head(this.reader);
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
   * @throws EventLogError `wrong_expected_revision`, `stream_deleted`, `unwritable_event`
   */
  async append<Name extends StreamName>(
    streamName: Name,
    events: readonly NewEvent<EventOf<Name>>[],
    expected: Revision,
    options: AppendOptions,
  ): Promise<Appended> {
    return this.appendEncoded(streamName, events.map(encode), expected, options);
  }

  /** Appends what was encoded before. @throws EventLogError as `append` */
  appendEncoded(
    streamName: string,
    events: readonly EncodedEvent[],
    expected: Revision,
    options: AppendOptions,
  ): Promise<Appended> {
    return this.appender.append(streamName, events, expected, options);
  }

  /** The events of a stream in order, all or from a revision on; none when the stream does not exist. */
  readStream(streamName: string, fromRevision?: bigint): Promise<RecordedEvent[]> {
    return this.reader.stream(streamName, fromRevision);
  }

  /**
   * The newest of Keytrail's events that any process may have had acknowledged before this call.
   *
   * @param hint how far somebody is known to have come: nothing before it is searched
   * @throws EventLogError `event_log_mismatch` when the log does not hold what the hint says
   */
  head(hint: Progress | null): Promise<Progress> {
    return this.headOfLog.read(hint);
  }

  /**
   * Makes sure that this is the log in which somebody has come so far.
   *
   * @throws EventLogError `event_log_mismatch`
   */
  verify(progress: Progress): Promise<void> {
    return verify(this.reader, progress);
  }

  /** Whether the very event that was seen at a place stands there. */
  holds(place: Place): Promise<boolean> {
    return this.reader.holds(place);
  }

  /** The newest of Keytrail's events at or before a position; `null` also when no event stands there. */
  lastUpTo(position: LogPosition): Promise<Place | null> {
    return this.reader.lastOfOursUpTo(position);
  }

  /** Who this log is, which a log that nobody has used yet is told by the first who asks. */
  open(): Promise<LogIdentity> {
    return openLog(this);
  }

  /**
   * Resolves when an append is known to be possible: one was acknowledged a moment ago, or the repeat of
   * the log's first, which writes nothing, is acknowledged now.
   */
  async proveWritable(): Promise<void> {
    if (this.appender.durableForMs < PROVEN_FOR_MS) return;
    this.proof ??= this.open()
      .then(() => undefined)
      .finally(() => (this.proof = undefined));
    await this.proof;
  }

  /** What the server calls its version, `unknown` when it does not say. */
  serverVersion(): Promise<string> {
    return this.readConnection.read(SERVER_VERSION_MS, async (client) => {
      const { serverVersion } = await client['capabilities'];
      return serverVersion;
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.appendConnection.close(), this.readConnection.close()]);
  }
}

const SERVER_VERSION_MS = 2_000;

const readNewest = (client: EventStoreDBClient, signal: AbortSignal): Promise<unknown> =>
  readAll(client, { direction: 'backwards', from: 'end', maxCount: 1, whose: 'all' }, signal);
