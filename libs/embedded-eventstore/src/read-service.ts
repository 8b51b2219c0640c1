import { allBackwards, allForwards, streamSnapshot, type Cursor } from './cursors.js';
import { entryMessage } from './entry-message.js';
import type { EventLog } from './event-log.js';
import {
  GrpcFault,
  handlerError,
  internalError,
  streamDeletedError,
  unexpectedResult,
} from './grpc-errors.js';
import { at } from './log-position.js';
import type { Node } from './node.js';
import { lastStreamPositionMessage, streamNotFoundMessage } from './read-messages.js';
import {
  parseReadRequest,
  type AllRequest,
  type ReadRequest,
  type StreamRequest,
} from './read-request.js';
import { nextTurn, ResponseStream, type ReadCall } from './response-stream.js';
import { firstPositionMessages } from './first-position.js';
import { isSoftDeleted } from './stream-state.js';
import { runSubscription } from './subscription.js';

/** `Streams.Read`: reads of a stream and of $all, and catch-up subscriptions to both. */
export function readHandler(node: Node) {
  return (call: ReadCall) => {
    answerRead(node, call).catch((error: unknown) => {
      call.emit('error', error instanceof GrpcFault ? error : internalError());
    });
  };
}

async function answerRead(node: Node, call: ReadCall): Promise<void> {
  const request = parseReadRequest(call.request.getOptions());
  const responses = new ResponseStream(call);
  const notLeader = node.role.refusal(call.metadata);
  if (request.maxCount === undefined) {
    await runSubscription({ node, notLeader, responses }, request);
    return;
  }
  if (notLeader) throw notLeader;
  if (request.streamName !== undefined) await readStream(node, responses, request);
  else await readAll(node.log, responses, request);
  call.end();
}

async function readStream(
  { log, role }: Node,
  responses: ResponseStream,
  request: StreamRequest,
): Promise<void> {
  const { streamName, direction, start, maxCount = 0, tellsPositions } = request;
  if (maxCount === 0 || (direction === 'forwards' && start === 'end')) {
    throw unexpectedResult('ReadStreamResult: Error');
  }
  if (log.isTombstoned(streamName)) throw streamDeletedError(streamName);
  const state = log.stream(streamName);
  if (!state || state.lastRevision < 0 || isSoftDeleted(state)) {
    responses.send(streamNotFoundMessage(streamName));
    return;
  }
  const from = start === 'start' ? 0 : start === 'end' ? Number.MAX_SAFE_INTEGER : start;
  if (tellsPositions && direction === 'forwards') {
    for (const message of firstPositionMessages(state, from, maxCount)) responses.send(message);
  }
  const most = Math.min(maxCount, role.plays.endReadsAfter ?? Infinity);
  await sendAll(log, responses, streamSnapshot(log, state, direction, from), request, most);
  if (tellsPositions) responses.send(lastStreamPositionMessage(state.lastRevision));
}

async function readAll(
  log: EventLog,
  responses: ResponseStream,
  request: AllRequest,
): Promise<void> {
  const { maxCount = 0 } = request;
  // The real server goes round in circles then and never answers.
  if (maxCount === 0) throw handlerError();
  await sendAll(log, responses, openAll(log, request), request, maxCount);
}

function resultName({ filter }: AllRequest): string {
  return filter ? 'FilteredReadAllResult' : 'ReadAllResult';
}

function openAll(log: EventLog, request: AllRequest): Cursor {
  const { direction, start } = request;
  const end = log.head().nextPosition;
  const from = start === 'start' ? at(0) : start === 'end' ? at(Number.MAX_SAFE_INTEGER) : start;
  if (from === 'invalid') throw unexpectedResult(`${resultName(request)}: InvalidPosition`);
  if (start !== 'end' && from.commit <= end && !log.isBoundary(from.commit)) {
    throw unexpectedResult(`${resultName(request)}: InvalidPosition`);
  }
  if (direction === 'forwards') return allForwards(log, from.commit, end);
  if (start !== 'end' && from.commit > end) {
    throw unexpectedResult(`${resultName(request)}: Error`);
  }
  return allBackwards(log, from);
}

async function sendAll(
  log: EventLog,
  responses: ResponseStream,
  cursor: Cursor,
  request: ReadRequest,
  maxCount: number,
): Promise<void> {
  const filter = request.streamName === undefined ? request.filter : undefined;
  let left = maxCount;
  for (let entries = cursor.next(); entries.length > 0 && left > 0; entries = cursor.next()) {
    await nextTurn();
    for (const entry of entries) {
      if (left === 0 || !responses.isOpen()) return;
      if (filter && !filter.matches(entry.record)) continue;
      left--;
      if (!responses.send(entryMessage(log, entry, request))) await responses.drained();
    }
  }
}
