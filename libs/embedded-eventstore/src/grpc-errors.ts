import { Metadata, status, type StatusObject } from '@grpc/grpc-js';
import type { ExpectedRevision } from './expected-revision.js';
import { MAX_APPEND_SIZE_BYTES, REQUIRED_METADATA } from './proposed-events.js';

/** Errors as EventStoreDB sends them: clients tell them apart by the `exception` in the trailers. */
type GrpcError = StatusObject & { readonly name: string; readonly message: string };

const REVISION_NUMBERS = { any: -2, no_stream: -1, stream_exists: -4 };

function grpcError(
  code: status,
  message: string,
  exception: string,
  values: Record<string, string | number | Buffer> = {},
): GrpcError {
  const metadata = new Metadata();
  metadata.set('exception', exception);
  for (const [key, value] of Object.entries(values)) metadata.set(key, String(value));
  return { name: 'GrpcError', code, details: message, message, metadata };
}

/** Header values are ASCII; other names travel percent-encoded. */
function headerSafe(streamName: string): string {
  return /^[\x20-\x7e]*$/.test(streamName) ? streamName : encodeURIComponent(streamName);
}

export function streamDeletedError(streamName: string): GrpcError {
  return grpcError(
    status.FAILED_PRECONDITION,
    `Event stream '${streamName}' is deleted.`,
    'stream-deleted',
    { 'stream-name': headerSafe(streamName) },
  );
}

export function wrongExpectedVersionError(
  operation: string,
  streamName: string,
  expected: ExpectedRevision,
  current: number,
): GrpcError {
  const expectedVersion = typeof expected === 'number' ? expected : REVISION_NUMBERS[expected];
  return grpcError(
    status.FAILED_PRECONDITION,
    `${operation} failed due to WrongExpectedVersion. Stream: ${streamName}, Expected version: ${expectedVersion}, Actual version: ${current}`,
    'wrong-expected-version',
    {
      'stream-name': headerSafe(streamName),
      'expected-version': expectedVersion,
      'actual-version': current,
    },
  );
}

export function appendSizeError(): GrpcError {
  return grpcError(
    status.INVALID_ARGUMENT,
    `Maximum Append Size of ${MAX_APPEND_SIZE_BYTES} Exceeded.`,
    'maximum-append-size-exceeded',
    { 'maximum-append-size': MAX_APPEND_SIZE_BYTES },
  );
}

export function missingMetadataError(): GrpcError {
  return grpcError(
    status.INVALID_ARGUMENT,
    `Required Metadata Property Missing. Required: ${REQUIRED_METADATA.join(',')}`,
    'missing-required-metadata-property',
    { 'required-metadata-properties': REQUIRED_METADATA.join(',') },
  );
}

export function invalidArgument(message: string): GrpcError {
  return plainError(status.INVALID_ARGUMENT, message);
}

/** The outcome is unknown: the client has to find out by repeating the write. */
export function storeFailed(): GrpcError {
  return plainError(status.UNAVAILABLE, 'The store has failed.');
}

export function internalError(): GrpcError {
  return plainError(status.INTERNAL, 'Internal error.');
}

function plainError(code: status, message: string): GrpcError {
  return { name: 'GrpcError', code, details: message, message, metadata: new Metadata() };
}
