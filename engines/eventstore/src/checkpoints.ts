import type { EventFilter } from './event-filter.js';
import type { LogEntry } from './event-log.js';
import { at, BEFORE_ALL, compare, type LogPosition } from './log-position.js';
import type { Role } from './plays.js';
import { checkpointMessage } from './read-messages.js';
import type { ResponseStream } from './response-stream.js';

const MAX: LogPosition = { commit: Infinity, prepare: Infinity };

/** Events of which one step of a search finds no more. */
const MAX_MATCHES = 32;

/**
 * Tells a filtered subscriber how far the log was searched, so that it can begin there next time.
 *
 * While it catches up the log is searched in steps: of so many events looked at, or 32 that match. A
 * checkpoint is the last match, or the beginning of the last step if that is later; it comes once a
 * step has passed the interval, and once when the end is reached. Live there is one each interval of
 * events, at the event itself.
 */
export class Checkpoints {
  private sent: LogPosition | undefined;
  private stepStart: LogPosition = BEFORE_ALL;
  private looked = 0;
  private matched = 0;
  private sinceLast = 0;
  private liveCount = 0;
  private liveDue: LogPosition | undefined;

  constructor(
    private readonly role: Role,
    private readonly responses: ResponseStream,
    private readonly filter: Pick<EventFilter, 'window' | 'checkpointInterval'>,
  ) {}

  beginCatchUp(from: LogPosition): void {
    this.beginStep(from);
    this.sinceLast = 0;
  }

  /** Answers with the place reached, which a step that is over may move. */
  passed(entry: LogEntry, isMatch: boolean, reached: LogPosition): LogPosition {
    this.looked++;
    if (isMatch) this.matched++;
    if (this.looked < this.filter.window && this.matched < MAX_MATCHES) return reached;
    this.sinceLast += this.looked;
    const isDue = this.sinceLast >= this.filter.checkpointInterval;
    const place = isDue || !this.isOld ? later(reached, this.stepStart) : reached;
    this.beginStep({ commit: entry.position + entry.record.length, prepare: 0 });
    if (!isDue) return place;
    this.sinceLast %= this.filter.checkpointInterval;
    this.send(place);
    return place;
  }

  /** The end of the log: the last step may be of no event at all, and then moves nothing. */
  caughtUp(reached: LogPosition): LogPosition {
    const moves = this.looked > 0 && !this.isOld;
    const place = moves ? later(reached, this.stepStart) : reached;
    this.send(place);
    return place;
  }

  /** True when a live checkpoint is due at this event. */
  liveEvent(position: number): boolean {
    if (++this.liveCount < this.filter.checkpointInterval) return false;
    this.liveCount = 0;
    this.liveDue = at(position);
    return true;
  }

  /** How many live checkpoints come with as many further events. */
  liveDueWithin(events: number): number {
    return Math.floor((this.liveCount + events) / this.filter.checkpointInterval);
  }

  /** Sends the live checkpoint that is due, unless the subscriber is past it. */
  wentLive(reached: LogPosition): LogPosition {
    const due = this.liveDue;
    this.liveDue = undefined;
    if (!due || compare(due, reached) < 0) return reached;
    this.send(due);
    return due;
  }

  send(place: LogPosition): void {
    if (this.role.plays.checkpoints === 'none') return;
    const isNowhere = compare(place, BEFORE_ALL) === 0;
    if (isNowhere && !this.isOld) return;
    const position = isNowhere ? MAX : place;
    if (this.sent && compare(position, this.sent) <= 0) return;
    this.sent = position;
    this.responses.send(checkpointMessage(isNowhere ? 'max' : place, this.role.now()));
  }

  /** Up to 24.10.4 the end of the log was told as the last match, and a step moved it only when due. */
  private get isOld(): boolean {
    return this.role.plays.checkpoints === '24.10.4';
  }

  private beginStep(start: LogPosition): void {
    this.stepStart = start;
    this.looked = 0;
    this.matched = 0;
  }
}

function later(a: LogPosition, b: LogPosition): LogPosition {
  return compare(a, b) < 0 ? b : a;
}
