import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { Appender } from './appender.js';
import type { ExpectedRevision } from './expected-revision.js';
import {
  invalidArgument,
  storeFailed,
  streamDeletedError,
  wrongExpectedVersionError,
} from './grpc-errors.js';
import { streamNameFault } from './stream-name.js';

type DeleteOptions = streams.DeleteReq.Options | streams.TombstoneReq.Options;

/** `Streams.Delete`: the stream reads as missing and may be written to again. */
export function deleteHandler(appender: Appender) {
  return (
    call: ServerUnaryCall<streams.DeleteReq, streams.DeleteResp>,
    answer: sendUnaryData<streams.DeleteResp>,
  ) => {
    remove(appender, 'soft_delete', call.request.getOptions(), answer, (at) => {
      const position = new streams.DeleteResp.Position();
      position.setCommitPosition(at).setPreparePosition(at);
      return new streams.DeleteResp().setPosition(position);
    });
  };
}

/** `Streams.Tombstone`: the stream is closed for ever. */
export function tombstoneHandler(appender: Appender) {
  return (
    call: ServerUnaryCall<streams.TombstoneReq, streams.TombstoneResp>,
    answer: sendUnaryData<streams.TombstoneResp>,
  ) => {
    remove(appender, 'tombstone', call.request.getOptions(), answer, (at) => {
      const position = new streams.TombstoneResp.Position();
      position.setCommitPosition(at).setPreparePosition(at);
      return new streams.TombstoneResp().setPosition(position);
    });
  };
}

function remove<Response>(
  appender: Appender,
  change: 'soft_delete' | 'tombstone',
  options: DeleteOptions | undefined,
  answer: sendUnaryData<Response>,
  success: (position: string) => Response,
): void {
  const streamName = decodeStreamName(options?.getStreamIdentifier()?.getStreamName_asU8());
  const nameFault = streamNameFault(streamName);
  if (nameFault !== undefined) {
    answer(invalidArgument(nameFault));
    return;
  }
  const expected = readExpected(options);
  appender.write({ streamName, expected, change }).then(
    (outcome) => {
      if (outcome.kind === 'stream_deleted') answer(streamDeletedError(streamName));
      else if (outcome.kind === 'written') answer(null, success(String(outcome.position)));
      else {
        const operation = change === 'tombstone' ? 'TombstoneStream' : 'DeleteStream';
        answer(wrongExpectedVersionError(operation, streamName, expected, outcome.current));
      }
    },
    () => {
      answer(storeFailed());
    },
  );
}

export function decodeStreamName(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('utf8');
}

function readExpected(options: DeleteOptions | undefined): ExpectedRevision {
  if (options?.hasRevision()) return Number(options.getRevision());
  if (options?.hasNoStream()) return 'no_stream';
  return options?.hasStreamExists() ? 'stream_exists' : 'any';
}
