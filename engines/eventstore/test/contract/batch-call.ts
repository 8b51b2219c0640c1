import streams from '@eventstore/db-client/generated/streams_pb.js';
import { Client, credentials, type ClientDuplexStream } from '@grpc/grpc-js';
import { randomUUID } from 'node:crypto';
import { WireWriter } from '../../src/wire-writer.js';
import type { RawEvent } from './raw-client.js';
import { until } from './server-under-test.js';

/** Times are milliseconds from now; `at` is sent as a time of day. */
type Deadline = { readonly at: number } | { readonly in: number };

export interface BatchPart {
  /** Without a stream it is a further part of the append with this correlation id. */
  readonly stream?: string;
  readonly correlationId?: string;
  readonly events: readonly RawEvent[];
  readonly deadline?: Deadline;
  readonly isFinal?: boolean;
}

/** One call of `Streams.BatchAppend`, without the client library, which a second answer ends. */
export class BatchCall {
  private readonly received: string[] = [];
  private readonly client: Client;
  private readonly call: ClientDuplexStream<Buffer, streams.BatchAppendResp>;

  constructor(url: string) {
    const address = new URL(url.replace(/^esdb\+?\w*:/, 'http:')).host;
    this.client = new Client(address, credentials.createInsecure());
    this.call = this.client.makeBidiStreamRequest(
      '/event_store.client.streams.Streams/BatchAppend',
      (request: Buffer) => request,
      (bytes) => streams.BatchAppendResp.deserializeBinary(bytes),
    );
    this.call.on('data', (response: streams.BatchAppendResp) => {
      const error = response.getError();
      const revision = response.getSuccess()?.getCurrentRevision();
      this.received.push(error ? error.getMessage() : `revision ${revision}`);
    });
    this.call.on('error', () => undefined);
  }

  send(part: BatchPart): void {
    this.call.write(encode(part));
  }

  /** All answers so far, once there are as many. */
  async answers(count: number): Promise<readonly string[]> {
    await until(() => this.received.length >= count);
    return [...this.received];
  }

  close(): void {
    this.call.cancel();
    this.client.close();
  }
}

const writer = new WireWriter();
const MS_PER_SECOND = 1000;
const NS_PER_MS = 1_000_000;

/** `BatchAppendReq`; fields are written last first. */
function encode({ stream, correlationId, events, deadline, isFinal = true }: BatchPart): Buffer {
  if (isFinal) writer.uint(4, 1);
  for (const event of [...events].reverse())
    nested(3, () => {
      encodeEvent(event);
    });
  if (stream !== undefined) {
    nested(2, () => {
      if (deadline) encodeDeadline(deadline);
      writer.empty(4);
      nested(1, () => {
        writer.text(3, stream);
      });
    });
  }
  nested(1, () => {
    writer.text(2, correlationId ?? randomUUID());
  });
  return writer.finish();
}

function encodeEvent({ id, type, contentType = 'application/json', data = '{}' }: RawEvent): void {
  writer.text(4, data);
  encodeMetadata('content-type', contentType);
  encodeMetadata('type', type);
  nested(1, () => {
    writer.text(2, id);
  });
}

function encodeMetadata(key: string, value: string): void {
  nested(2, () => {
    writer.text(2, value);
    writer.text(1, key);
  });
}

function encodeDeadline(deadline: Deadline): void {
  const isTime = 'at' in deadline;
  const ms = isTime ? Date.now() + deadline.at : deadline.in;
  nested(isTime ? 6 : 7, () => {
    writer.uint(2, (ms % MS_PER_SECOND) * NS_PER_MS);
    writer.uint(1, Math.floor(ms / MS_PER_SECOND));
  });
}

function nested(field: number, write: () => void): void {
  const before = writer.length;
  write();
  writer.message(field, before);
}
