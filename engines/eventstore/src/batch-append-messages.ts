import { status } from '@grpc/grpc-js';
import { writeSuccess } from './append-service.js';
import type { ExpectedRevision } from './expected-revision.js';
import { MAX_APPEND_SIZE_BYTES, type ValidatedEvent } from './proposed-events.js';
import { WireWriter } from './wire-writer.js';
import type { WriteOutcome } from './write-outcome.js';

/** What an answer repeats of the append it belongs to. */
export interface AppendName {
  readonly correlationId: Buffer;
  readonly streamName: string;
  readonly expected: ExpectedRevision;
}

export type Refusal =
  | Exclude<ValidatedEvent, { kind: 'valid' }>
  | Exclude<WriteOutcome, { kind: 'written' }>
  | { readonly kind: 'too_large' | 'timeout' };

/** Field numbers of BatchAppendResp, google.rpc.Status, google.protobuf.Any and the details. */
const RESPONSE = { correlationId: 1, error: 2, success: 3, streamIdentifier: 4 };
const STATUS = { code: 1, message: 2, details: 3 };
const ANY = { typeUrl: 1, value: 2 };
const STREAM_IDENTIFIER = { streamName: 3 };
const WRONG = { currentRevision: 1, currentNoStream: 2, expectedRevision: 3 };
const WRONG_EXPECTED = { any: 4, stream_exists: 5, no_stream: 6 };
const TYPE_URL_PREFIX = 'type.googleapis.com/event_store.client.';

const writer = new WireWriter();

export function successMessage(
  append: AppendName,
  outcome: WriteOutcome & { kind: 'written' },
): Buffer {
  writeStreamIdentifier(RESPONSE.streamIdentifier, append.streamName);
  const before = writer.length;
  writeSuccess(writer, outcome);
  writer.message(RESPONSE.success, before);
  writer.bytes(RESPONSE.correlationId, append.correlationId);
  return writer.finish();
}

export function refusalMessage(append: AppendName, refusal: Refusal): Buffer {
  writeStreamIdentifier(RESPONSE.streamIdentifier, append.streamName);
  const before = writer.length;
  writeError(append, refusal);
  writer.message(RESPONSE.error, before);
  writer.bytes(RESPONSE.correlationId, append.correlationId);
  return writer.finish();
}

function writeError({ expected, streamName }: AppendName, refusal: Refusal): void {
  switch (refusal.kind) {
    case 'wrong_expected_revision':
      writeStatus(status.FAILED_PRECONDITION, 'WrongExpectedVersion', () => {
        if (typeof expected === 'number') writer.uint(WRONG.expectedRevision, expected);
        else writer.empty(WRONG_EXPECTED[expected]);
        if (refusal.current < 0) writer.empty(WRONG.currentNoStream);
        else writer.uint(WRONG.currentRevision, refusal.current);
      });
      return;
    case 'stream_deleted':
      writeStatus(status.FAILED_PRECONDITION, 'StreamDeleted', () => {
        writeStreamIdentifier(1, streamName);
      });
      return;
    case 'too_large':
      writeStatus(status.INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', () => {
        writer.uint(1, MAX_APPEND_SIZE_BYTES);
      });
      return;
    case 'timeout':
      writeStatus(status.DEADLINE_EXCEEDED, 'Timeout', () => undefined);
      return;
    case 'missing_metadata':
      writeBadRequest(`The required metadata '${refusal.property}' is missing.`);
      return;
    case 'invalid':
      writeBadRequest(refusal.message);
  }
}

function writeBadRequest(message: string): void {
  writeStatus(status.INVALID_ARGUMENT, 'BadRequest', () => {
    writer.text(1, message);
  });
}

/** google.rpc.Status with the details packed as `Any`; `typeName` is a message of event_store.client. */
function writeStatus(code: number, typeName: string, writeDetails: () => void): void {
  const any = writer.length;
  writeDetails();
  writer.message(ANY.value, any);
  writer.text(ANY.typeUrl, TYPE_URL_PREFIX + typeName);
  writer.message(STATUS.details, any);
  writer.text(STATUS.message, typeName);
  writer.uint(STATUS.code, code);
}

function writeStreamIdentifier(field: number, streamName: string): void {
  const before = writer.length;
  writer.text(STREAM_IDENTIFIER.streamName, streamName);
  writer.message(field, before);
}
