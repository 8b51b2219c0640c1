import { randomUUID } from 'node:crypto';
import { growingStream } from './cursors.js';
import { entryMessage } from './entry-message.js';
import type { LogEntry, StreamEntry } from './event-log.js';
import { streamDeletedError } from './grpc-errors.js';
import { caughtUpMessage, confirmationMessage } from './read-messages.js';
import type { StreamRequest } from './read-request.js';
import { nextTurn } from './response-stream.js';
import { MAX_WAITING_LIVE_EVENTS, type SubscriptionContext } from './subscription-context.js';

/** Sends a stream from after the revision it names, then what is appended to it. */
export async function runStreamSubscription(
  context: SubscriptionContext,
  request: StreamRequest,
): Promise<void> {
  const { log } = context.node;
  if (log.isTombstoned(request.streamName)) throw streamDeletedError(request.streamName);
  context.responses.send(confirmationMessage(randomUUID()));
  const last = log.stream(request.streamName)?.lastRevision ?? -1;
  const { start } = request;
  let reached = start === 'start' ? -1 : start === 'end' ? last : start;
  if (reached < last && context.notLeader) throw context.notLeader;
  while (context.responses.isOpen()) reached = await sendUntilBehind(context, request, reached);
}

/** Resolves with the revision reached when the subscriber has gone, or has fallen behind. */
async function sendUntilBehind(
  { node: { log, role }, responses }: SubscriptionContext,
  request: StreamRequest,
  after: number,
): Promise<number> {
  const { streamName } = request;
  const lookUp = () => log.stream(streamName);
  const cursor = growingStream(log, lookUp, after + 1);
  let reached = after;
  let hasCaughtUp = false;
  const send = (entry: LogEntry) => responses.send(entryMessage(log, entry, request));
  while (responses.isOpen()) {
    const entries: StreamEntry[] = cursor.next();
    if (hasCaughtUp && entries.length > MAX_WAITING_LIVE_EVENTS) return reached;
    for (const entry of entries) {
      if (!responses.isOpen()) return reached;
      const hasRoom = send(entry);
      reached = entry.revision;
      if (!hasRoom) await responses.drained();
    }
    if (entries.length > 0) {
      await nextTurn();
      continue;
    }
    if (log.isTombstoned(streamName)) {
      const state = lookUp();
      const tombstone = state && log.tombstone(state);
      if (tombstone && hasCaughtUp) send(tombstone);
      throw streamDeletedError(streamName);
    }
    if (!hasCaughtUp) responses.send(caughtUpMessage(reached, role.now()));
    hasCaughtUp = true;
    await responses.woken();
  }
  return reached;
}
