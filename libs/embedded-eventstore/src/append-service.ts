import type { sendUnaryData, ServerReadableStream } from '@grpc/grpc-js';
import type { Appender } from './appender.js';
import type { AppendRequest, AppendTarget, RawEvent } from './append-requests.js';
import type { ExpectedRevision } from './expected-revision.js';
import {
  appendSizeError,
  invalidArgument,
  missingMetadataError,
  storeFailed,
  streamDeletedError,
} from './grpc-errors.js';
import { eventSizeBytes, MAX_APPEND_SIZE_BYTES, validateAppend } from './proposed-events.js';
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

/** `Streams.Append`: one call per append, one event per message. */
export function appendHandler(appender: Appender) {
  return (call: ServerReadableStream<AppendRequest, Buffer>, answer: sendUnaryData<Buffer>) => {
    let target: AppendTarget | undefined;
    let sizeBytes = 0;
    const events: RawEvent[] = [];
    call.on('data', (request: AppendRequest) => {
      target = request.target ?? target;
      if (!request.event) return;
      sizeBytes += eventSizeBytes(request.event);
      // An append over the limit is refused at its end; its events need not be kept until then.
      if (sizeBytes <= MAX_APPEND_SIZE_BYTES) events.push(request.event);
    });
    call.on('end', () => {
      if (!target) answer(invalidArgument('The append has no options.'));
      else if (sizeBytes > MAX_APPEND_SIZE_BYTES) answer(appendSizeError());
      else void append(appender, target, events, answer);
    });
  };
}

async function append(
  appender: Appender,
  { streamName, expected }: AppendTarget,
  raw: readonly RawEvent[],
  answer: sendUnaryData<Buffer>,
): Promise<void> {
  const validated = validateAppend(streamName, raw);
  if (validated.kind === 'too_large') answer(appendSizeError());
  else if (validated.kind === 'missing_metadata') answer(missingMetadataError());
  else if (validated.kind === 'invalid') answer(invalidArgument(validated.message));
  else {
    try {
      const outcome = await appender.write({ streamName, expected, change: validated.events });
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
