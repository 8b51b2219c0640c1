import { randomUUID } from 'node:crypto';
import type { CommitSignal } from './commit-signal.js';
import { allForwards, growingStream, type Cursor } from './cursors.js';
import { entryMessage } from './entry-message.js';
import type { EventLog, LogEntry } from './event-log.js';
import { streamDeletedError } from './grpc-errors.js';
import { caughtUpMessage, checkpointMessage, confirmationMessage } from './read-messages.js';
import type { ReadRequest } from './read-request.js';
import { nextTurn, type ReadCall, type ResponseStream } from './response-stream.js';

interface SubscriptionContext {
  readonly log: EventLog;
  readonly signal: CommitSignal;
  readonly call: ReadCall;
  readonly responses: ResponseStream;
  readonly request: ReadRequest;
}

/**
 * A catch-up subscription: reads from the log as fast as the subscriber takes it and, at the end of
 * the log, waits for the next commit. Live events come from the log too, so that there is no
 * hand-over in which one could be missed or repeated, and no queue that grows for a slow reader.
 */
export async function runSubscription(context: SubscriptionContext): Promise<void> {
  const { signal, call, responses, request } = context;
  responses.send(confirmationMessage(randomUUID()));
  const cursor = openCursor(context);
  const checkpoints = new Checkpoints(context);
  const stopListening = signal.listen(request.streamName, () => {
    responses.wake();
  });
  try {
    let hasCaughtUp = false;
    while (responses.isOpen) {
      if (request.streamName !== undefined && context.log.isTombstoned(request.streamName)) {
        call.emit('error', streamDeletedError(request.streamName));
        return;
      }
      const entries = cursor.next();
      for (const entry of entries) {
        if (!forward(context, checkpoints, entry)) await responses.drained();
      }
      if (entries.length > 0) {
        await nextTurn();
        continue;
      }
      checkpoints.reachedEnd();
      if (!hasCaughtUp) responses.send(caughtUpMessage());
      hasCaughtUp = true;
      await responses.woken();
    }
  } finally {
    stopListening();
  }
}

/** Subscriptions begin after the position or revision they name. */
function openCursor({ log, request }: SubscriptionContext): Cursor {
  const { streamName, start } = request;
  if (streamName === undefined) {
    const end = () => log.head().nextPosition;
    return allForwards(log, start === 'start' ? 0 : start === 'end' ? end() : start + 1);
  }
  const lookUp = () => log.stream(streamName);
  const next = () => (lookUp()?.lastRevision ?? -1) + 1;
  return growingStream(log, lookUp, start === 'start' ? 0 : start === 'end' ? next() : start + 1);
}

/** False when the stream must drain first. */
function forward(
  { log, responses, request }: SubscriptionContext,
  checkpoints: Checkpoints,
  entry: LogEntry,
): boolean {
  if (!responses.isOpen) return true;
  let hasRoom = true;
  if (!request.filter || request.filter.matches(entry.record)) {
    hasRoom = responses.send(entryMessage(log, entry, request.resolveLinks));
  }
  checkpoints.passed(entry);
  return hasRoom;
}

/** Tells a filtered subscriber how far the log was searched, so that it can begin there next time. */
class Checkpoints {
  private passedSinceLast = 0;
  private position = 0;

  constructor(private readonly context: SubscriptionContext) {}

  passed(entry: LogEntry): void {
    const { filter } = this.context.request;
    if (!filter) return;
    this.position = entry.position;
    if (++this.passedSinceLast >= filter.checkpointInterval) this.send();
  }

  /** At the end of the log too: with a filter that matches rarely the next one may be far away. */
  reachedEnd(): void {
    if (this.passedSinceLast > 0) this.send();
  }

  private send(): void {
    this.passedSinceLast = 0;
    this.context.responses.send(checkpointMessage(this.position));
  }
}
