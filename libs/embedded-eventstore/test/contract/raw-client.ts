import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { credentials, Metadata, type ServiceError, type StatusObject } from '@grpc/grpc-js';

const { Options } = streams.ReadReq;
type Place = 'start' | 'end' | { readonly commit: bigint; readonly prepare: bigint };

export interface RawRead {
  /** Without a stream it is $all that is read. */
  readonly stream?: string;
  readonly from?: Place | bigint;
  /** Without a count it is a subscription. */
  readonly count?: number;
  readonly backwards?: boolean;
  readonly filter?: RawFilter;
  readonly structuredIds?: boolean;
  readonly compatibility?: number;
  readonly requiresLeader?: boolean;
}

export interface RawFilter {
  readonly prefixes?: readonly string[];
  readonly regex?: string;
  readonly window?: number;
  readonly interval?: number;
}

/** How a call ended: with an error, by itself, or not within the time given. */
export interface RawAnswer {
  readonly responses: streams.ReadResp[];
  readonly code: number | 'open';
  readonly details: string;
  readonly metadata: Metadata;
}

/** The protocol without the client library, for what that does not offer or reacts badly to. */
export class RawClient {
  private readonly client: streamsGrpc.StreamsClient;

  constructor(url: string) {
    const address = new URL(url.replace(/^esdb\+?\w*:/, 'http:')).host;
    this.client = new streamsGrpc.StreamsClient(address, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
    });
  }

  close(): void {
    this.client.close();
  }

  /** Reads to the end, or for `openMs` if there is none. */
  read(request: RawRead, openMs = 10_000): Promise<RawAnswer> {
    const metadata = new Metadata();
    if (request.requiresLeader) metadata.set('requires-leader', 'true');
    const call = this.client.read(readRequest(request), metadata);
    const responses: streams.ReadResp[] = [];
    return new Promise((resolve) => {
      const end = (code: number | 'open', details = '', trailers = new Metadata()) => {
        clearTimeout(timer);
        call.cancel();
        resolve({ responses, code, details, metadata: trailers });
      };
      const timer = setTimeout(() => {
        end('open');
      }, openMs);
      call.on('data', (response: streams.ReadResp) => responses.push(response));
      call.on('status', ({ code, details, metadata: trailers }: StatusObject) => {
        end(code, details, trailers);
      });
      call.on('error', () => undefined);
    });
  }

  /** One append on a call of its own; answered with the revision, or the status of the failure. */
  append(
    stream: string,
    events: readonly RawEvent[],
  ): Promise<{ revision: string } | { code: number; details: string }> {
    return new Promise((resolve) => {
      const call = this.client.append(
        (error: ServiceError | null, response: streams.AppendResp) => {
          if (error) resolve({ code: error.code, details: error.details });
          else resolve({ revision: response.getSuccess()?.getCurrentRevision() ?? '' });
        },
      );
      const options = new streams.AppendReq.Options()
        .setStreamIdentifier(identifier(stream))
        .setAny(new shared.Empty());
      call.write(new streams.AppendReq().setOptions(options));
      for (const event of events) call.write(appendRequest(event));
      call.end();
    });
  }
}

export interface RawEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType?: string;
  readonly data?: string;
}

function appendRequest({ id, type, contentType, data = '{}' }: RawEvent): streams.AppendReq {
  const message = new streams.AppendReq.ProposedMessage()
    .setId(new shared.UUID().setString(id))
    .setData(Buffer.from(data));
  message.getMetadataMap().set('type', type);
  message.getMetadataMap().set('content-type', contentType ?? 'application/json');
  return new streams.AppendReq().setProposedMessage(message);
}

function readRequest(request: RawRead): streams.ReadReq {
  const { stream, from = 'start', count, filter } = request;
  const empty = new shared.Empty();
  const options = new Options()
    .setReadDirection(
      request.backwards ? Options.ReadDirection.BACKWARDS : Options.ReadDirection.FORWARDS,
    )
    .setUuidOption(
      request.structuredIds
        ? new Options.UUIDOption().setStructured(empty)
        : new Options.UUIDOption().setString(empty),
    )
    .setControlOption(new Options.ControlOption().setCompatibility(request.compatibility ?? 0));
  if (stream === undefined) options.setAll(allOptions(from));
  else options.setStream(streamOptions(stream, from));
  if (count === undefined) options.setSubscription(new Options.SubscriptionOptions());
  else options.setCount(String(count));
  if (filter) options.setFilter(filterOptions(filter));
  else options.setNoFilter(empty);
  return new streams.ReadReq().setOptions(options);
}

function allOptions(from: Place | bigint): InstanceType<typeof Options.AllOptions> {
  const all = new Options.AllOptions();
  if (from === 'start') return all.setStart(new shared.Empty());
  if (from === 'end') return all.setEnd(new shared.Empty());
  const { commit, prepare } = typeof from === 'bigint' ? { commit: from, prepare: from } : from;
  return all.setPosition(
    new Options.Position().setCommitPosition(String(commit)).setPreparePosition(String(prepare)),
  );
}

function streamOptions(
  stream: string,
  from: Place | bigint,
): InstanceType<typeof Options.StreamOptions> {
  const options = new Options.StreamOptions().setStreamIdentifier(identifier(stream));
  if (from === 'start') return options.setStart(new shared.Empty());
  if (from === 'end') return options.setEnd(new shared.Empty());
  if (typeof from !== 'bigint') throw new Error('A revision is a number.');
  return options.setRevision(from.toString());
}

function filterOptions(filter: RawFilter): InstanceType<typeof Options.FilterOptions> {
  const expression = new Options.FilterOptions.Expression()
    .setPrefixList([...(filter.prefixes ?? [])])
    .setRegex(filter.regex ?? '');
  return new Options.FilterOptions()
    .setStreamIdentifier(expression)
    .setMax(filter.window ?? 32)
    .setCheckpointintervalmultiplier(filter.interval ?? 1);
}

function identifier(stream: string): shared.StreamIdentifier {
  return new shared.StreamIdentifier().setStreamName(Buffer.from(stream));
}

/** The revisions of the events among the answers to the read of a stream. */
export function revisionsIn({ responses }: RawAnswer): string[] {
  return responses.flatMap((response) => {
    const event = response.getEvent()?.getEvent();
    return event ? [event.getStreamRevision()] : [];
  });
}
