import { processStream } from '@keytrail/domain';
import type { EventIn, ProcessFamily } from '@keytrail/domain';
import { Gatherer, uniqueId, withDeadline } from '@keytrail/platform';
import type { QueueBounds, UnderWay } from '@keytrail/platform';
import { encode } from './codec.js';
import type { EncodedEvent, NewEvent } from './codec.js';
import { EventLogError } from './errors.js';
import type { Appended, Revision } from './appender.js';
import type { EventLog } from './event-log.js';

export interface ProcessStreamOptions<Family extends ProcessFamily> extends QueueBounds {
  readonly family: Family;
  /** Unique for each start of a process. */
  readonly processId: string;
  /** How long callers wait for an append before they are refused, in milliseconds. */
  readonly deadlineMs: number;
  /** The most events in one append. */
  readonly maxBatch: number;
  /** Where events come from: an append waits for those that are on their way with the first. */
  readonly source?: UnderWay;
}

interface AccountEvent extends EncodedEvent {
  readonly accountId: string;
}

/** Below the log's own limit for one append, 1 MiB by default. */
const MAX_APPEND_SIZE = 1_000_000;

/**
 * A stream that this process alone writes, in group commits: while one append is under way, the next
 * batch collects, of accounts in turn. As the only writer it knows its own last revision, so that an append whose outcome
 * is unknown can be repeated, with the same ids, until it is known. Callers are refused meanwhile. What
 * no repeat can mend (a refused credential, an error nobody knows) is thrown at them at once.
 */
export class ProcessStream<Family extends ProcessFamily> {
  private readonly appends: Gatherer<AccountEvent, Appended>;
  private day = '';
  private streamName = '';
  private revision: Revision = 'no_stream';
  private successors = 0;
  private unknownOutcome = false;

  constructor(
    private readonly log: EventLog,
    private readonly options: ProcessStreamOptions<Family>,
  ) {
    this.appends = new Gatherer((events) => this.appendBatch(events), {
      ...options,
      maxSize: MAX_APPEND_SIZE,
      sizeOf: ({ size }) => size,
      groupOf: ({ accountId }) => accountId,
    });
  }

  /**
   * Appends one event and answers once it is durable.
   *
   * @throws EventLogError `event_log_unavailable` when the log does not record in time; the event may
   *   still be recorded later; `unwritable_event` when the event itself is at fault, which is found
   *   out before others share an append with it
   * @throws QueueFullError when too many events wait, ShareFullError when too many of the account do
   */
  async append(event: Omit<NewEvent<EventIn<Family>>, 'id'>): Promise<Appended> {
    // The compiler does not see that this holds for whichever family it is.
    const { accountId } = event.event.data as EventIn<ProcessFamily>['data'];
    return this.appends.add({ ...encode({ ...event, id: uniqueId() }), accountId });
  }

  private async appendBatch(events: readonly EncodedEvent[]): Promise<Appended[]> {
    if (this.unknownOutcome) throw silent();
    this.unknownOutcome = true;
    const appending = this.appendUntilKnown(events).finally(() => {
      this.unknownOutcome = false;
    });
    const appended = await withDeadline(appending, this.options.deadlineMs, silent);
    return events.map(() => appended);
  }

  private async appendUntilKnown(events: readonly EncodedEvent[]): Promise<Appended> {
    this.turnDay(events[0]?.occurredAt.slice(0, 10) ?? this.day);
    try {
      return await this.appendOnce(events);
    } catch (error) {
      this.successors += 1;
      this.begin();
      if (!isTaken(error)) throw error;
      return this.appendOnce(events);
    }
  }

  /** After any error the next append begins another stream: where this one ends is not known any more. */
  private async appendOnce(events: readonly EncodedEvent[]): Promise<Appended> {
    const forever = { giveUpAfterMs: Infinity };
    const appended = await this.log.appendEncoded(this.streamName, events, this.revision, forever);
    this.revision = appended.revision;
    return appended;
  }

  private turnDay(day: string): void {
    if (day <= this.day) return;
    this.day = day;
    this.begin();
  }

  private begin(): void {
    const { family, processId } = this.options;
    const suffix = this.successors === 0 ? '' : `-${this.successors}`;
    this.streamName = processStream(family, this.day, processId + suffix);
    this.revision = 'no_stream';
  }
}

/** Somebody else has written to the stream or deleted it. It is left to them. */
const isTaken = (error: unknown): boolean =>
  error instanceof EventLogError &&
  (error.code === 'wrong_expected_revision' || error.code === 'stream_deleted');

const silent = (): EventLogError =>
  new EventLogError('event_log_unavailable', 'The event log does not record in time');
