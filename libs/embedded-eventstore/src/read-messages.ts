import { WireWriter } from './wire-writer.js';

/** Field numbers of ReadResp; the messages here are encoded ahead of time where they are constant. */
const RESPONSE = { confirmation: 2, checkpoint: 3, streamNotFound: 4, caughtUp: 8 };
const STREAM_IDENTIFIER = { streamName: 3 };
const CHECKPOINT = { commit: 1, prepare: 2 };

const writer = new WireWriter();

export function confirmationMessage(subscriptionId: string): Buffer {
  writer.text(1, subscriptionId);
  writer.message(RESPONSE.confirmation, 0);
  return writer.finish();
}

export function checkpointMessage(position: number): Buffer {
  writer.uint(CHECKPOINT.prepare, position);
  writer.uint(CHECKPOINT.commit, position);
  writer.message(RESPONSE.checkpoint, 0);
  return writer.finish();
}

export function streamNotFoundMessage(streamName: string): Buffer {
  writer.text(STREAM_IDENTIFIER.streamName, streamName);
  writer.message(1, 0);
  writer.message(RESPONSE.streamNotFound, 0);
  return writer.finish();
}

export function caughtUpMessage(): Buffer {
  writer.empty(RESPONSE.caughtUp);
  return writer.finish();
}
