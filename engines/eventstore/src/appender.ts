import { setImmediate as nextTurn } from 'node:timers/promises';
import { StoreFailedError, type DurableStore } from '@keytrail/embedded-storage';
import type { CommitSignal } from './commit-signal.js';
import type { EventLog } from './event-log.js';
import {
  checkExistence,
  checkExpectedRevision,
  type ExpectedRevision,
} from './expected-revision.js';
import { RecentEventIds } from './recent-event-ids.js';
import { recordMessage, type ProposedEvent } from './record.js';
import { recordedData } from './recorded-data.js';
import { isMetastream, metastreamOf, streamOfMetastream } from './stream-name.js';
import { withTruncateBefore } from './stream-metadata.js';
import { isSoftDeleted, type StreamState } from './stream-state.js';
import { deletionEvent, firstEvent, limitsOfEvent, metadataEvent } from './system-events.js';
import type { WriteOutcome } from './write-outcome.js';

export interface WriteRequest {
  readonly streamName: string;
  readonly expected: ExpectedRevision;
  readonly change: 'soft_delete' | 'tombstone' | readonly ProposedEvent[];
}

type Head = ReturnType<EventLog['head']>;

interface Carried {
  readonly outcome: WriteOutcome;
  /** The streams that have changed. */
  readonly touched: ReadonlySet<string>;
}

/** The one writer of the log. Its writes share the commits of the store. */
export class Appender {
  private underWay = 0;
  private isStopped = false;
  private readonly recentIds: RecentEventIds;
  /** What the write at work has changed. */
  private touched = new Set<string>();

  constructor(
    private readonly store: DurableStore,
    private readonly log: EventLog,
    private readonly signal: CommitSignal,
    private readonly now: () => number,
  ) {
    this.recentIds = new RecentEventIds(log);
  }

  /** A new log holds one event of the system's own, as on the real server. */
  async beginLog(): Promise<void> {
    if (this.log.lastPosition() !== undefined) return;
    const { streamName, event } = firstEvent();
    await this.write({ streamName, expected: 'any', change: [event] });
  }

  /** Takes no more writes, and resolves once what was being written is answered. */
  async stop(): Promise<void> {
    this.isStopped = true;
    while (this.underWay > 0) await nextTurn();
    await nextTurn();
  }

  /** Resolves when the outcome is durable. Rejects when the store has failed and it is unknown. */
  async write(request: WriteRequest): Promise<WriteOutcome> {
    if (this.isStopped) throw new StoreFailedError(new Error('It is stopped.'));
    this.underWay += 1;
    try {
      const { outcome, touched } = await this.store.write(() => this.carryOut(request));
      this.signal.committed(touched);
      return outcome;
    } finally {
      this.underWay -= 1;
    }
  }

  private carryOut(request: WriteRequest): Carried {
    this.touched = new Set();
    const head = this.log.head();
    const before = head.nextPosition;
    try {
      const outcome = this.apply(request, head);
      if (head.nextPosition !== before) this.log.putHead(head);
      return { outcome, touched: this.touched };
    } catch (error) {
      // Nothing of it is written: the next write must not find ids that were noted for it.
      this.recentIds.forget();
      throw error;
    }
  }

  private apply(request: WriteRequest, head: Head): WriteOutcome {
    const { streamName, expected, change } = request;
    if (this.log.isTombstoned(streamName)) return { kind: 'stream_deleted' };
    const state = this.log.streamOrNew(streamName, head);
    const mustExist = expected === 'stream_exists' || change === 'soft_delete';
    const refusal = mustExist && checkExistence(this.log, streamName, state, expected);
    if (refusal) return refusal;
    const events = typeof change === 'string' ? [deletionEvent(change)] : change;
    const check = checkExpectedRevision(this.log, this.recentIds, state, expected, events);
    if (check.kind !== 'accepted') return check;
    if (change === 'soft_delete') return this.appendMetadata(streamName, events, head);
    if (change === 'tombstone') {
      state.tombstoned = true;
      return this.append(streamName, state, events, head);
    }
    return this.appendAndRestore(streamName, state, events, head);
  }

  /** An append to a deleted stream, or to its metadata, brings it back without the events it had. */
  private appendAndRestore(
    streamName: string,
    state: StreamState,
    events: readonly ProposedEvent[],
    head: Head,
  ): WriteOutcome {
    const owner = isMetastream(streamName) ? streamOfMetastream(streamName) : streamName;
    const before = this.log.stream(owner);
    const outcome =
      events.length > 0
        ? this.append(streamName, state, events, head)
        : this.nothingAppended(state.lastRevision);
    if (before && isSoftDeleted(before)) this.restore(owner, before.lastRevision + 1, head);
    return outcome;
  }

  /** Without events the answer has a position all the same: where the log ends. */
  private nothingAppended(revision: number): WriteOutcome {
    return { kind: 'written', revision, position: this.log.lastPosition() };
  }

  private append(
    streamName: string,
    state: StreamState,
    events: readonly ProposedEvent[],
    head: Head,
  ): WriteOutcome {
    const now = this.now();
    let position = 0;
    for (const event of events) {
      position = this.log.append(event, streamName, state, head, now);
      this.recentIds.note(event.id, { streamId: state.id, revision: state.lastRevision });
    }
    this.log.putStream(streamName, state);
    this.touched.add(streamName);
    if (isMetastream(streamName)) {
      this.metadataChanged(streamOfMetastream(streamName), events.at(-1), head);
    }
    return { kind: 'written', revision: state.lastRevision, position };
  }

  private metadataChanged(streamName: string, event: ProposedEvent | undefined, head: Head): void {
    // The metadata of a metastream, or of no stream, is kept as any events are, and limits nothing.
    if (isMetastream(streamName) || streamName === '') return;
    const state = this.log.streamOrNew(streamName, head);
    this.log.putStream(streamName, { ...state, ...limitsOfEvent(event) });
  }

  /** Deleting and writing again after it are both a new $tb in the stream's metadata, as on the real server. */
  private restore(streamName: string, truncateBefore: number, head: Head): void {
    const metastate = this.log.stream(metastreamOf(streamName));
    const last = metastate && this.log.entryAt(metastate, metastate.lastRevision);
    const json = last ? recordedData(recordMessage(last.record)).toString('utf8') : '{}';
    this.appendMetadata(
      streamName,
      [metadataEvent(withTruncateBefore(json, truncateBefore))],
      head,
    );
  }

  private appendMetadata(
    streamName: string,
    events: readonly ProposedEvent[],
    head: Head,
  ): WriteOutcome {
    const metastream = metastreamOf(streamName);
    return this.append(metastream, this.log.streamOrNew(metastream, head), events, head);
  }
}
