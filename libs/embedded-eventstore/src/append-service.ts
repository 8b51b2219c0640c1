import type { sendUnaryData, ServerReadableStream } from '@grpc/grpc-js';
import type { AppendRequest, AppendTarget } from './append-requests.js';
import type { ExpectedRevision } from './expected-revision.js';
import {
  appendSizeError,
  handlerError,
  invalidArgument,
  missingMetadataError,
  storeFailed,
  streamDeletedError,
  type GrpcFault,
} from './grpc-errors.js';
import type { Node } from './node.js';
import { eventSizeBytes, MAX_APPEND_SIZE_BYTES, validateEvent } from './proposed-events.js';
import type { ProposedEvent } from './record.js';
import { streamNameFault } from './stream-name.js';
import { WireWriter } from './wire-writer.js';
import type { WriteOutcome } from './write-outcome.js';

/** Field numbers of AppendResp and its nested messages. */
const RESPONSE = { success: 1, wrongExpectedVersion: 2 };
const SUCCESS = { currentRevision: 1, noStream: 2, position: 3, noPosition: 4 };
const POSITION = { commit: 1, prepare: 2 };
const WRONG = { currentRevision: 6, currentNoStream: 7, expectedRevision: 8 };
const WRONG_EXPECTED = { any: 9, stream_exists: 10, no_stream: 11 };
/** The same values again, as clients of version 20.6 read them. */
const WRONG_2060 = { currentRevision: 1, currentNoStream: 2, expectedRevision: 3 };
const WRONG_EXPECTED_2060 = { any: 4, stream_exists: 5, no_stream: 5 };

const writer = new WireWriter();

type AppendCall = ServerReadableStream<AppendRequest, Buffer>;

/** `Streams.Append`: one call per append, one event per message. */
export function appendHandler(node: Node) {
  return (call: AppendCall, answer: sendUnaryData<Buffer>) => {
    const received = new ReceivedAppend();
    call.on('data', (request: AppendRequest) => {
      if (received.fault) return;
      const fault = received.add(request);
      // What can only be refused is refused at once, however much is still to come.
      if (fault) answer(fault);
    });
    call.on('end', () => {
      // The end is told too when the client has gone, and only then that it has: what it had sent so
      // far is not the whole.
      setImmediate(() => {
        if (!call.cancelled && !received.fault) void append(node, call, received, answer);
      });
    });
  };
}

class ReceivedAppend {
  target: AppendTarget | undefined;
  fault: GrpcFault | undefined;
  readonly events: ProposedEvent[] = [];
  private sizeBytes = 0;

  /** Answers with what is wrong with the event, if it is. */
  add({ target, event }: AppendRequest): GrpcFault | undefined {
    this.target ??= target;
    if (!event) return undefined;
    const validated = validateEvent(event);
    if (validated.kind === 'missing_metadata') {
      this.fault = missingMetadataError(validated.property);
    } else if (validated.kind === 'invalid') this.fault = handlerError();
    else {
      this.sizeBytes += eventSizeBytes(event);
      if (this.sizeBytes > MAX_APPEND_SIZE_BYTES) this.fault = appendSizeError();
      else this.events.push(validated.event);
    }
    return this.fault;
  }
}

async function append(
  node: Node,
  call: AppendCall,
  { target, events }: ReceivedAppend,
  answer: sendUnaryData<Buffer>,
): Promise<void> {
  const streamName = target?.streamName ?? '';
  const expected = target?.expected;
  const refusal = target ? node.role.refusal(call.metadata) : handlerError();
  if (refusal) answer(refusal);
  else if (expected === undefined) answer(invalidArgument('The append expects no revision.'));
  else if (streamNameFault(streamName) !== undefined) answer(handlerError());
  else {
    try {
      const outcome = await node.appender.write({ streamName, expected, change: events });
      if (outcome.kind === 'stream_deleted') answer(streamDeletedError(streamName));
      else if (outcome.kind === 'written') answer(null, successMessage(outcome));
      else answer(null, wrongExpectedVersionMessage(expected, outcome.current));
    } catch {
      answer(storeFailed());
    }
  }
}

function successMessage(outcome: WriteOutcome & { kind: 'written' }): Buffer {
  writeSuccess(writer, outcome);
  writer.message(RESPONSE.success, 0);
  return writer.finish();
}

/** The fields of `Success`, which both kinds of append share. */
export function writeSuccess(
  target: WireWriter,
  outcome: WriteOutcome & { kind: 'written' },
): void {
  const before = target.length;
  if (outcome.position === undefined) target.empty(SUCCESS.noPosition);
  else {
    target.uint(POSITION.prepare, outcome.position);
    target.uint(POSITION.commit, outcome.position);
    target.message(SUCCESS.position, before);
  }
  if (outcome.revision < 0) target.empty(SUCCESS.noStream);
  else target.uint(SUCCESS.currentRevision, outcome.revision);
}

function wrongExpectedVersionMessage(expected: ExpectedRevision, current: number): Buffer {
  if (typeof expected === 'number') {
    writer.uint(WRONG.expectedRevision, expected);
    writer.uint(WRONG_2060.expectedRevision, expected);
  } else {
    writer.empty(WRONG_EXPECTED[expected]);
    writer.empty(WRONG_EXPECTED_2060[expected]);
  }
  if (current < 0) {
    writer.empty(WRONG.currentNoStream);
    writer.empty(WRONG_2060.currentNoStream);
  } else {
    writer.uint(WRONG.currentRevision, current);
    writer.uint(WRONG_2060.currentRevision, current);
  }
  writer.message(RESPONSE.wrongExpectedVersion, 0);
  return writer.finish();
}
