import type { CommitSignal } from './commit-signal.js';
import { allBackwards, allForwards, streamSnapshot, type Cursor } from './cursors.js';
import { entryMessage } from './entry-message.js';
import type { EventLog } from './event-log.js';
import { internalError, invalidArgument, streamDeletedError } from './grpc-errors.js';
import { streamNotFoundMessage } from './read-messages.js';
import { parseReadRequest, type ReadRequest } from './read-request.js';
import { nextTurn, ResponseStream, type ReadCall } from './response-stream.js';
import { isSoftDeleted } from './stream-state.js';
import { runSubscription } from './subscription.js';

/** `Streams.Read`: reads of a stream and of $all, and catch-up subscriptions to both. */
export function readHandler(log: EventLog, signal: CommitSignal) {
  return (call: ReadCall) => {
    const responses = new ResponseStream(call);
    answerRead(log, signal, call, responses).catch(() => {
      call.emit('error', internalError());
    });
  };
}

async function answerRead(
  log: EventLog,
  signal: CommitSignal,
  call: ReadCall,
  responses: ResponseStream,
): Promise<void> {
  const request = parseOrRefuse(call);
  if (!request) return;
  if (request.streamName !== undefined && log.isTombstoned(request.streamName)) {
    call.emit('error', streamDeletedError(request.streamName));
    return;
  }
  if (request.maxCount === undefined) {
    await runSubscription({ log, signal, call, responses, request });
    return;
  }
  const cursor = openCursor(log, request);
  if (cursor) await sendAll(log, responses, cursor, request, request.maxCount);
  else responses.send(streamNotFoundMessage(request.streamName ?? ''));
  call.end();
}

function parseOrRefuse(call: ReadCall): ReadRequest | undefined {
  try {
    return parseReadRequest(call.request.getOptions());
  } catch (error) {
    call.emit('error', invalidArgument(String(error)));
    return undefined;
  }
}

/** Undefined when the stream does not exist. */
function openCursor(log: EventLog, request: ReadRequest): Cursor | undefined {
  const { streamName, start, direction } = request;
  const isForwards = direction === 'forwards';
  const from = start === 'start' ? 0 : start === 'end' ? Number.MAX_SAFE_INTEGER : start;
  if (streamName === undefined) {
    return isForwards ? allForwards(log, from, log.head().nextPosition) : allBackwards(log, from);
  }
  const state = log.stream(streamName);
  if (!state || state.lastRevision < 0 || isSoftDeleted(state)) return undefined;
  return streamSnapshot(log, state, direction, from);
}

async function sendAll(
  log: EventLog,
  responses: ResponseStream,
  cursor: Cursor,
  request: ReadRequest,
  maxCount: number,
): Promise<void> {
  let left = maxCount;
  for (let entries = cursor.next(); entries.length > 0 && left > 0; entries = cursor.next()) {
    await nextTurn();
    for (const entry of entries) {
      if (left === 0 || !responses.isOpen) return;
      if (request.filter && !request.filter.matches(entry.record)) continue;
      left--;
      if (!responses.send(entryMessage(log, entry, request.resolveLinks)))
        await responses.drained();
    }
  }
}
