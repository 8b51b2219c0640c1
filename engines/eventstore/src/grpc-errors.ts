import { Metadata, status, type StatusObject } from '@grpc/grpc-js';
import type { ExpectedRevision } from './expected-revision.js';
import { MAX_APPEND_SIZE_BYTES, REQUIRED_METADATA } from './proposed-events.js';

/** An error as EventStoreDB sends it: clients tell them apart by the `exception` in the trailers. */
export class GrpcFault extends Error implements StatusObject {
  constructor(
    readonly code: status,
    readonly details: string,
    readonly metadata = new Metadata(),
  ) {
    super(details);
    this.name = 'GrpcFault';
  }
}

const REVISION_NUMBERS = { any: -2, no_stream: -1, stream_exists: -4 };

function faultWithTrailers(
  code: status,
  message: string,
  exception: string,
  values: Record<string, string | number>,
): GrpcFault {
  const metadata = new Metadata();
  metadata.set('exception', exception);
  for (const [key, value] of Object.entries(values)) metadata.set(key, String(value));
  return new GrpcFault(code, message, metadata);
}

/** Header values are ASCII; other names travel percent-encoded. */
function headerSafe(streamName: string): string {
  return /^[\x20-\x7e]*$/.test(streamName) ? streamName : encodeURIComponent(streamName);
}

export function streamDeletedError(streamName: string): GrpcFault {
  return faultWithTrailers(
    status.FAILED_PRECONDITION,
    `Event stream '${streamName}' is deleted.`,
    'stream-deleted',
    { 'stream-name': headerSafe(streamName) },
  );
}

export function wrongExpectedVersionError(
  streamName: string,
  expected: ExpectedRevision,
  current: number,
): GrpcFault {
  const expectedVersion = typeof expected === 'number' ? expected : REVISION_NUMBERS[expected];
  return faultWithTrailers(
    status.FAILED_PRECONDITION,
    `Delete failed due to WrongExpectedVersion. Stream: ${streamName}, Expected version: ${expectedVersion}, Actual version: ${current}`,
    'wrong-expected-version',
    {
      'stream-name': headerSafe(streamName),
      'expected-version': expectedVersion,
      'actual-version': current,
    },
  );
}

export function appendSizeError(): GrpcFault {
  return faultWithTrailers(
    status.INVALID_ARGUMENT,
    `Maximum Append Size of ${MAX_APPEND_SIZE_BYTES} Exceeded.`,
    'maximum-append-size-exceeded',
    { 'maximum-append-size': MAX_APPEND_SIZE_BYTES },
  );
}

export function missingMetadataError(property: string): GrpcFault {
  return faultWithTrailers(
    status.INVALID_ARGUMENT,
    `Required Metadata Property '${property}' is missing`,
    'missing-required-metadata-property',
    { 'required-metadata-properties': REQUIRED_METADATA.join(',') },
  );
}

/** Sent by a node that is no leader to calls that need one; clients go on at the leader it names. */
export function notLeaderError(leader: { host: string; port: number } | undefined): GrpcFault {
  if (!leader) return new GrpcFault(status.UNKNOWN, 'No leader info available in response');
  return faultWithTrailers(status.NOT_FOUND, 'Leader info available', 'not-leader', {
    'leader-endpoint-host': leader.host,
    'leader-endpoint-port': leader.port,
  });
}

export function invalidArgument(message: string): GrpcFault {
  return new GrpcFault(status.INVALID_ARGUMENT, message);
}

/** What a subscription is told whose position is no beginning of an event. */
export function invalidPosition(): GrpcFault {
  return invalidArgument('Trying to read from an invalid position.');
}

/** A result of a read that the real server has no better words for. */
export function unexpectedResult(result: string): GrpcFault {
  return new GrpcFault(status.UNKNOWN, `Unexpected ${result}`);
}

/** The real server's answer to a request that it does not expect, whatever is wrong with it. */
export function handlerError(): GrpcFault {
  return new GrpcFault(status.UNKNOWN, 'Exception was thrown by handler.');
}

/** For calls without a name and password. */
export function accessDenied(): GrpcFault {
  return faultWithTrailers(status.PERMISSION_DENIED, 'Access Denied', 'access-denied', {});
}

/** For calls with a name or a password that is wrong. */
export function unauthenticated(): GrpcFault {
  return new GrpcFault(status.UNAUTHENTICATED, 'The name or the password is wrong.');
}

/** What this server leaves to the real one. */
export function refusal(what: string): GrpcFault {
  return new GrpcFault(
    status.UNIMPLEMENTED,
    `The embedded event store serves no ${what}. Use an EventStoreDB server for it.`,
  );
}

/** The outcome is unknown: the client has to find out by repeating the write. */
export function storeFailed(): GrpcFault {
  return new GrpcFault(status.UNAVAILABLE, 'The store has failed.');
}

export function internalError(): GrpcFault {
  return new GrpcFault(status.INTERNAL, 'Internal error.');
}
