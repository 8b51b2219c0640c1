import { randomUUID } from 'node:crypto';
import { Checkpoints } from './checkpoints.js';
import { allForwards, type Cursor } from './cursors.js';
import { entryMessage } from './entry-message.js';
import type { LogEntry } from './event-log.js';
import { handlerError, invalidPosition } from './grpc-errors.js';
import { at, BEFORE_ALL, compare, type LogPosition } from './log-position.js';
import { caughtUpMessage, confirmationMessage } from './read-messages.js';
import type { AllRequest } from './read-request.js';
import { nextTurn } from './response-stream.js';
import { MAX_WAITING_LIVE_EVENTS, type SubscriptionContext } from './subscription-context.js';

/** Sends $all from after the position it names, then what is appended. */
export async function runAllSubscription(
  context: SubscriptionContext,
  request: AllRequest,
): Promise<void> {
  context.responses.send(confirmationMessage(randomUUID()));
  if (request.start === 'invalid') throw invalidPosition();
  if (request.filter?.window === 0) throw handlerError();
  const last = context.node.log.lastPosition() ?? -1;
  const start =
    request.start === 'start' ? BEFORE_ALL : request.start === 'end' ? at(last) : request.start;
  await new AllSubscription(context, request, start, last).run();
}

class AllSubscription {
  private readonly checkpoints: Checkpoints | undefined;
  private cursor: Cursor;
  private liveFrom: number;

  /** `last` is where the log ended when the subscription began. */
  constructor(
    private readonly context: SubscriptionContext,
    private readonly request: AllRequest,
    private reached: LogPosition,
    private readonly last: number,
  ) {
    const { node, responses } = context;
    this.cursor = allForwards(node.log, last + 1);
    this.liveFrom = last + 1;
    const { filter } = request;
    this.checkpoints = filter && new Checkpoints(node.role, responses, filter);
  }

  /** What lies behind the end as it was is not looked at before the log has grown past it. */
  async run(): Promise<void> {
    const { responses } = this.context;
    if (compare(this.reached, at(this.last)) < 0) await this.catchUp();
    while (responses.isOpen()) {
      await this.goLive();
      if (responses.isOpen()) await this.catchUp();
    }
  }

  private async catchUp(): Promise<void> {
    const { node, notLeader, responses } = this.context;
    if (notLeader) throw notLeader;
    const from = Math.max(this.reached.commit, 0);
    if (!node.log.isBoundary(from)) throw invalidPosition();
    this.cursor = allForwards(node.log, from);
    this.checkpoints?.beginCatchUp({ commit: from, prepare: Math.max(this.reached.prepare, 0) });
    while (responses.isOpen()) {
      const entries = this.cursor.next();
      if (entries.length === 0) break;
      for (const entry of entries) {
        const isMatch = this.matches(entry);
        if (isMatch && !this.send(entry)) await responses.drained();
        this.countLive(entry);
        this.reached = this.checkpoints?.passed(entry, isMatch, this.reached) ?? this.reached;
      }
      await nextTurn();
    }
    this.reached = this.checkpoints?.caughtUp(this.reached) ?? this.reached;
  }

  /** Returns when the subscriber has gone, or has fallen behind. */
  private async goLive(): Promise<void> {
    const { node, responses } = this.context;
    responses.send(caughtUpMessage(this.reached, node.role.now()));
    this.reached = this.checkpoints?.wentLive(this.reached) ?? this.reached;
    while (responses.isOpen()) {
      const entries = this.cursor.next();
      if (this.isTooMuch(entries)) {
        this.checkpoints?.send(this.reached);
        return;
      }
      for (const entry of entries) {
        if (!responses.isOpen()) return;
        const hasRoom = !this.matches(entry) || this.send(entry);
        if (this.countLive(entry)) {
          this.reached = this.checkpoints?.wentLive(this.reached) ?? this.reached;
        }
        if (!hasRoom) await responses.drained();
      }
      if (entries.length > 0) await nextTurn();
      else await responses.woken();
    }
  }

  private isTooMuch(entries: readonly LogEntry[]): boolean {
    if (entries.length <= MAX_WAITING_LIVE_EVENTS - 1) return false;
    const matching = entries.filter((entry) => this.matches(entry)).length;
    const due = this.checkpoints?.liveDueWithin(entries.length) ?? 0;
    return matching + due > MAX_WAITING_LIVE_EVENTS;
  }

  private matches({ record }: LogEntry): boolean {
    return this.request.filter?.matches(record) ?? true;
  }

  /** False when the stream must drain first. */
  private send(entry: LogEntry): boolean {
    const { node, responses } = this.context;
    const position = at(entry.position);
    if (compare(position, this.reached) <= 0 || !responses.isOpen()) return true;
    this.reached = position;
    return responses.send(entryMessage(node.log, entry, this.request));
  }

  /** Events since the subscription began count for live checkpoints, once each. */
  private countLive({ position }: LogEntry): boolean {
    if (position < this.liveFrom) return false;
    this.liveFrom = position + 1;
    return this.checkpoints?.liveEvent(position) ?? false;
  }
}
