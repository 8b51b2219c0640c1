import streams, { type ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { decodeStreamName } from './delete-service.js';
import { createEventFilter, type EventFilter } from './event-filter.js';
import { isNameless } from './stream-name.js';

type Options = ReadReq.Options;
const { ReadDirection } = streams.ReadReq.Options;

/** Where to begin: a revision of the stream, or a (commit) position of $all. */
export type Start = 'start' | 'end' | number;

export interface ReadRequest {
  /** Undefined stands for $all. */
  readonly streamName: string | undefined;
  readonly start: Start;
  readonly direction: 'forwards' | 'backwards';
  /** Undefined for a subscription. */
  readonly maxCount: number | undefined;
  readonly resolveLinks: boolean;
  readonly filter: EventFilter | undefined;
}

/** @throws Error for a request that cannot be understood. */
export function parseReadRequest(options: Options | undefined): ReadRequest {
  const from = options?.getStream() ?? options?.getAll();
  if (!options || !from) throw new Error('The read names neither a stream nor $all.');
  const filter = options.getFilter();
  return {
    streamName: decodedStreamName(options),
    start: from.hasStart() ? 'start' : from.hasEnd() ? 'end' : exactStart(options),
    direction: options.getReadDirection() === ReadDirection.FORWARDS ? 'forwards' : 'backwards',
    maxCount: options.hasSubscription() ? undefined : Number(options.getCount()),
    resolveLinks: options.getResolveLinks(),
    filter: filter && createEventFilter(filter),
  };
}

function decodedStreamName(options: Options): string | undefined {
  const stream = options.getStream();
  if (!stream) return undefined;
  const name = decodeStreamName(stream.getStreamIdentifier()?.getStreamName_asU8());
  if (isNameless(name)) throw new Error('The stream name is empty.');
  return name;
}

function exactStart(options: Options): number {
  const exact =
    options.getStream()?.getRevision() ?? options.getAll()?.getPosition()?.getCommitPosition();
  return Math.min(Number(exact ?? 0), Number.MAX_SAFE_INTEGER);
}
