import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ExpectedRevision } from './expected-revision.js';
import {
  handlerError,
  storeFailed,
  streamDeletedError,
  wrongExpectedVersionError,
} from './grpc-errors.js';
import type { Node } from './node.js';
import { decodeStreamName } from './read-request.js';

type DeleteOptions = streams.DeleteReq.Options | streams.TombstoneReq.Options;

/** `Streams.Delete`: the stream reads as missing and may be written to again. */
export function deleteHandler(node: Node) {
  return (
    call: ServerUnaryCall<streams.DeleteReq, streams.DeleteResp>,
    answer: sendUnaryData<streams.DeleteResp>,
  ) => {
    remove(node, 'soft_delete', call, answer, (at) => {
      const position = new streams.DeleteResp.Position();
      position.setCommitPosition(at).setPreparePosition(at);
      return new streams.DeleteResp().setPosition(position);
    });
  };
}

/** `Streams.Tombstone`: the stream is closed for ever. */
export function tombstoneHandler(node: Node) {
  return (
    call: ServerUnaryCall<streams.TombstoneReq, streams.TombstoneResp>,
    answer: sendUnaryData<streams.TombstoneResp>,
  ) => {
    remove(node, 'tombstone', call, answer, (at) => {
      const position = new streams.TombstoneResp.Position();
      position.setCommitPosition(at).setPreparePosition(at);
      return new streams.TombstoneResp().setPosition(position);
    });
  };
}

function remove<Response>(
  node: Node,
  change: 'soft_delete' | 'tombstone',
  call: ServerUnaryCall<streams.DeleteReq | streams.TombstoneReq, Response>,
  answer: sendUnaryData<Response>,
  success: (position: string) => Response,
): void {
  const options = call.request.getOptions();
  const streamName = decodeStreamName(options?.getStreamIdentifier()?.getStreamName_asU8());
  const refusal = streamName === '' ? handlerError() : node.role.refusal(call.metadata);
  if (refusal) {
    answer(refusal);
    return;
  }
  const expected = readExpected(options);
  node.appender.write({ streamName, expected, change }).then(
    (outcome) => {
      if (outcome.kind === 'stream_deleted') answer(streamDeletedError(streamName));
      else if (outcome.kind === 'written') answer(null, success(String(outcome.position)));
      else answer(wrongExpectedVersionError(streamName, expected, outcome.current));
    },
    () => {
      answer(storeFailed());
    },
  );
}

function readExpected(options: DeleteOptions | undefined): ExpectedRevision {
  if (options?.hasRevision()) return Number(options.getRevision());
  if (options?.hasNoStream()) return 'no_stream';
  return options?.hasStreamExists() ? 'stream_exists' : 'any';
}
