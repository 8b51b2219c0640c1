import { streamPrefixes } from '@keytrail/domain';
import { convertToCommandError, type EventStoreDBClient } from '@eventstore/db-client';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { LogPosition, Place } from './recorded-event.js';

export interface AllQuery {
  /** Forwards from a position means from the event that stands there, backwards what is before it. */
  readonly direction: 'forwards' | 'backwards';
  readonly from: LogPosition | 'end';
  readonly maxCount: number;
  /** Whose events: with `ours` the server itself passes over all others, however large they are. */
  readonly whose: 'ours' | 'all';
}

/** A place and whose event stands there. */
export interface PlaceInStream extends Place {
  readonly streamName: string;
}

/** How many events the server looks at in one step of a filtered read. */
const SEARCH_WINDOW = 1_024;
const { ReadReq } = streams;
const { ReadDirection } = ReadReq.Options;

/**
 * Where events stand in the log, as the leader knows it. The protocol's filtered read of `$all`, for
 * which the client has no method; it is sent through the client, so that credentials, connection and
 * errors are those of all other calls.
 *
 * @throws errors of the client
 */
export async function readAll(
  client: EventStoreDBClient,
  query: AllQuery,
  signal: AbortSignal,
): Promise<PlaceInStream[]> {
  const request = requestOf(query);
  try {
    return await client['execute'](
      streamsGrpc.StreamsClient,
      'readAll',
      (grpc) =>
        new Promise<PlaceInStream[]>((resolve, reject) => {
          const found: PlaceInStream[] = [];
          const call = grpc.read(
            request,
            ...client['callArguments']({ requiresLeader: true, deadline: Infinity }),
          );
          signal.addEventListener('abort', () => {
            call.cancel();
          });
          call.on('data', (response: streams.ReadResp) => {
            const place = placeOf(response);
            if (place) found.push(place);
          });
          call.on('error', reject);
          call.on('end', () => {
            resolve(found);
          });
        }),
    );
  } catch (error) {
    throw error instanceof Error ? convertToCommandError(error) : error;
  }
}

function requestOf({ direction, from, maxCount, whose }: AllQuery): streams.ReadReq {
  const all = new ReadReq.Options.AllOptions();
  if (from === 'end') all.setEnd(new shared.Empty());
  else all.setPosition(toPosition(from));
  const options = new ReadReq.Options()
    .setAll(all)
    .setCount(String(maxCount))
    .setReadDirection(ReadDirection[direction === 'forwards' ? 'FORWARDS' : 'BACKWARDS'])
    .setUuidOption(new ReadReq.Options.UUIDOption().setString(new shared.Empty()));
  if (whose === 'all') options.setNoFilter(new shared.Empty());
  else options.setFilter(ourStreams());
  return new ReadReq().setOptions(options);
}

const toPosition = ({ commit, prepare }: LogPosition): streams.ReadReq.Options.Position =>
  new ReadReq.Options.Position()
    .setCommitPosition(commit.toString())
    .setPreparePosition(prepare.toString());

const ourStreams = (): streams.ReadReq.Options.FilterOptions =>
  new ReadReq.Options.FilterOptions()
    .setStreamIdentifier(
      new ReadReq.Options.FilterOptions.Expression().setPrefixList([...streamPrefixes]),
    )
    .setMax(SEARCH_WINDOW)
    .setCheckpointintervalmultiplier(1);

function placeOf(response: streams.ReadResp): PlaceInStream | undefined {
  const event = response.getEvent()?.getEvent();
  if (!event) return undefined;
  const name = event.getStreamIdentifier()?.getStreamName_asU8() ?? new Uint8Array();
  return {
    streamName: Buffer.from(name).toString('utf8'),
    eventId: event.getId()?.getString() ?? '',
    position: {
      commit: BigInt(event.getCommitPosition()),
      prepare: BigInt(event.getPreparePosition()),
    },
  };
}
