import { status, type ServerDuplexStream } from '@grpc/grpc-js';
import type { Appender } from './appender.js';
import type { AppendTarget, BatchAppendRequest, RawEvent } from './append-requests.js';
import { writeSuccess } from './append-service.js';
import { storeFailed } from './grpc-errors.js';
import {
  eventSizeBytes,
  MAX_APPEND_SIZE_BYTES,
  REQUIRED_METADATA,
  validateAppend,
  type Validated,
} from './proposed-events.js';
import { WireWriter } from './wire-writer.js';
import type { WriteOutcome } from './write-outcome.js';

type BatchCall = ServerDuplexStream<BatchAppendRequest, Buffer>;
type Refusal = Exclude<Validated, { kind: 'valid' }> | Exclude<WriteOutcome, { kind: 'written' }>;

interface OpenAppend {
  readonly correlationId: Buffer;
  readonly target: AppendTarget;
  readonly events: RawEvent[];
  sizeBytes: number;
}

/** Field numbers of BatchAppendResp, google.rpc.Status, google.protobuf.Any and the details. */
const RESPONSE = { correlationId: 1, error: 2, success: 3, streamIdentifier: 4 };
const STATUS = { code: 1, message: 2, details: 3 };
const ANY = { typeUrl: 1, value: 2 };
const STREAM_IDENTIFIER = { streamName: 3 };
const WRONG = { currentRevision: 1, currentNoStream: 2, expectedRevision: 3 };
const WRONG_EXPECTED = { any: 4, stream_exists: 5, no_stream: 6 };
const TYPE_URL_PREFIX = 'type.googleapis.com/event_store.client.';

/** Reading pauses while more than this waits for a commit. */
const MAX_UNANSWERED_BYTES = 16 * 1024 * 1024;

const writer = new WireWriter();

/** `Streams.BatchAppend`: many appends on one call, answered by correlation id as they get durable. */
export function batchAppendHandler(appender: Appender) {
  return (call: BatchCall) => new BatchAppendCall(appender, call);
}

class BatchAppendCall {
  private readonly open = new Map<string, OpenAppend>();
  private unanswered = 0;
  private unansweredBytes = 0;
  private ended = false;

  constructor(
    private readonly appender: Appender,
    private readonly call: BatchCall,
  ) {
    call.on('data', (request: BatchAppendRequest) => {
      this.receive(request);
    });
    call.on('end', () => {
      this.ended = true;
      this.endWhenAnswered();
    });
  }

  private receive(request: BatchAppendRequest): void {
    const key = request.correlationId.toString('latin1');
    const append = this.open.get(key) ?? this.begin(request, key);
    for (const event of request.events) {
      append.sizeBytes += eventSizeBytes(event);
      // An append over the limit is refused at its end; its events need not be kept until then.
      if (append.sizeBytes <= MAX_APPEND_SIZE_BYTES) append.events.push(event);
    }
    if (!request.isFinal) return;
    this.open.delete(key);
    void this.finish(append);
  }

  private begin(request: BatchAppendRequest, key: string): OpenAppend {
    const { correlationId, target = { streamName: '', expected: 'any' } } = request;
    const append: OpenAppend = { correlationId, target, events: [], sizeBytes: 0 };
    this.open.set(key, append);
    return append;
  }

  private async finish(append: OpenAppend): Promise<void> {
    this.unanswered++;
    this.unansweredBytes += append.sizeBytes;
    if (this.unansweredBytes > MAX_UNANSWERED_BYTES) this.call.pause();
    try {
      const answer = await this.write(append);
      if (!this.call.cancelled) this.call.write(answer);
    } catch {
      this.call.emit('error', storeFailed());
    }
    this.unanswered--;
    this.unansweredBytes -= append.sizeBytes;
    if (this.unansweredBytes <= MAX_UNANSWERED_BYTES && this.call.isPaused()) this.call.resume();
    this.endWhenAnswered();
  }

  private async write(append: OpenAppend): Promise<Buffer> {
    if (append.sizeBytes > MAX_APPEND_SIZE_BYTES)
      return errorMessage(append, { kind: 'too_large' });
    const { streamName, expected } = append.target;
    const validated = validateAppend(streamName, append.events);
    if (validated.kind !== 'valid') return errorMessage(append, validated);
    const outcome = await this.appender.write({ streamName, expected, change: validated.events });
    return outcome.kind === 'written'
      ? successMessage(append, outcome)
      : errorMessage(append, outcome);
  }

  private endWhenAnswered(): void {
    if (this.ended && this.unanswered === 0) this.call.end();
  }
}

function successMessage(append: OpenAppend, outcome: WriteOutcome & { kind: 'written' }): Buffer {
  writeStreamIdentifier(RESPONSE.streamIdentifier, append.target.streamName);
  const before = writer.length;
  writeSuccess(writer, outcome);
  writer.message(RESPONSE.success, before);
  writer.bytes(RESPONSE.correlationId, append.correlationId);
  return writer.finish();
}

function errorMessage(append: OpenAppend, refusal: Refusal): Buffer {
  writeStreamIdentifier(RESPONSE.streamIdentifier, append.target.streamName);
  const before = writer.length;
  writeError(append, refusal);
  writer.message(RESPONSE.error, before);
  writer.bytes(RESPONSE.correlationId, append.correlationId);
  return writer.finish();
}

function writeError(append: OpenAppend, refusal: Refusal): void {
  const { expected, streamName } = append.target;
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
    case 'missing_metadata':
      writeBadRequest(`Required metadata: ${REQUIRED_METADATA.join(', ')}.`);
      return;
    case 'invalid':
      writeBadRequest(refusal.message);
  }
}

function writeBadRequest(message: string): void {
  writeStatus(
    status.INVALID_ARGUMENT,
    'BadRequest',
    () => {
      writer.text(1, message);
    },
    message,
  );
}

/** google.rpc.Status with the details packed as `Any`; `typeName` is a message of event_store.client. */
function writeStatus(
  code: number,
  typeName: string,
  writeDetails: () => void,
  message = typeName,
): void {
  const any = writer.length;
  writeDetails();
  writer.message(ANY.value, any);
  writer.text(ANY.typeUrl, TYPE_URL_PREFIX + typeName);
  writer.message(STATUS.details, any);
  writer.text(STATUS.message, message);
  writer.uint(STATUS.code, code);
}

function writeStreamIdentifier(field: number, streamName: string): void {
  const before = writer.length;
  writer.text(STREAM_IDENTIFIER.streamName, streamName);
  writer.message(field, before);
}
