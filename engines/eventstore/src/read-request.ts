import streams, { type ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { createEventFilter, type EventFilter } from './event-filter.js';
import { handlerError, invalidArgument } from './grpc-errors.js';
import { parsePosition, type AllStart } from './log-position.js';

type Options = ReadReq.Options;
const { CountOptionCase, FilterOptionCase, ReadDirection, StreamOptionCase } =
  streams.ReadReq.Options;

const MAX_UINT64 = 2n ** 64n - 1n;
const MAX_INT64 = 2n ** 63n - 1n;

/** How entries are to be sent. */
export interface EntryStyle {
  readonly resolveLinks: boolean;
  /** Ids as two numbers rather than as text. */
  readonly structuredIds: boolean;
}

interface Common extends EntryStyle {
  readonly direction: 'forwards' | 'backwards';
  /** Undefined for a subscription. */
  readonly maxCount: number | undefined;
  /** Whether reads of a stream tell its first and last position, as newer clients ask for. */
  readonly tellsPositions: boolean;
}

export interface StreamRequest extends Common {
  readonly streamName: string;
  readonly start: 'start' | 'end' | number;
}

export interface AllRequest extends Common {
  readonly streamName: undefined;
  readonly start: AllStart;
  readonly filter: EventFilter | undefined;
}

export type ReadRequest = StreamRequest | AllRequest;

/** @throws GrpcFault for a request that is refused, as the real server refuses it. */
export function parseReadRequest(options: Options | undefined): ReadRequest {
  if (!options) throw handlerError();
  const uuidOption = options.getUuidOption();
  if (!uuidOption) throw invalidArgument('`uuidOption` is a required argument.');
  refuseCombinations(options);
  const common: Common = {
    direction: options.getReadDirection() === ReadDirection.FORWARDS ? 'forwards' : 'backwards',
    maxCount: options.hasSubscription() ? undefined : Number(options.getCount()),
    resolveLinks: options.getResolveLinks(),
    structuredIds: !uuidOption.hasString(),
    tellsPositions: (options.getControlOption()?.getCompatibility() ?? 0) >= 1,
  };
  const stream = options.getStream();
  if (!stream) {
    const filter = options.getFilter();
    return {
      ...common,
      streamName: undefined,
      start: allStart(options),
      filter: filter && createEventFilter(filter),
    };
  }
  const streamName = decodeStreamName(stream.getStreamIdentifier()?.getStreamName_asU8());
  if (streamName === '') throw handlerError();
  return { ...common, streamName, start: streamStart(stream) };
}

export function decodeStreamName(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('utf8');
}

function refuseCombinations(options: Options): void {
  const hasTarget = options.getStreamOptionCase() !== StreamOptionCase.STREAM_OPTION_NOT_SET;
  const hasCount = options.getCountOptionCase() !== CountOptionCase.COUNT_OPTION_NOT_SET;
  const hasFilter = options.getFilterOptionCase() !== FilterOptionCase.FILTER_OPTION_NOT_SET;
  const isBackwards = options.getReadDirection() === ReadDirection.BACKWARDS;
  const isRefused =
    !hasTarget ||
    !hasCount ||
    !hasFilter ||
    (isBackwards && options.hasSubscription()) ||
    (options.hasStream() && options.hasFilter());
  if (isRefused) throw invalidArgument('The combination of options is invalid.');
}

function allStart(options: Options): AllStart {
  const all = options.getAll();
  if (all?.hasStart()) return 'start';
  if (all?.hasEnd()) return 'end';
  const position = all?.getPosition();
  if (!position) throw handlerError();
  try {
    return parsePosition(position.getCommitPosition(), position.getPreparePosition());
  } catch {
    throw handlerError();
  }
}

function streamStart(stream: ReadReq.Options.StreamOptions): 'start' | 'end' | number {
  if (stream.hasStart()) return 'start';
  if (stream.hasEnd()) return 'end';
  if (!stream.hasRevision()) throw handlerError();
  const revision = BigInt(stream.getRevision());
  if (revision === MAX_UINT64) return 'end';
  if (revision > MAX_INT64) throw handlerError();
  return Number(revision);
}
