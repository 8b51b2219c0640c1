// Sends an append of many events and breaks it off. Usage: node half-append.mjs <url> <stream> <n> <how>
import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { credentials } from '@grpc/grpc-js';

const [url, stream, count, how] = process.argv.slice(2);
const address = new URL(url.replace(/^esdb/, 'http')).host;
const client = new streamsGrpc.StreamsClient(address, credentials.createInsecure());
const call = client.append(() => undefined);
const options = new streams.AppendReq.Options()
  .setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(stream)))
  .setAny(new shared.Empty());
call.write(new streams.AppendReq().setOptions(options));
const sent = how === 'kill-early' ? 3 : Number(count);
for (let n = 0; n < sent; n++) {
  const message = new streams.AppendReq.ProposedMessage()
    .setId(new shared.UUID().setString(randomUUID()))
    .setData(Buffer.from('{}'));
  message.getMetadataMap().set('type', 'Counted');
  message.getMetadataMap().set('content-type', 'application/json');
  await new Promise((resolve) => {
    call.write(new streams.AppendReq().setProposedMessage(message), resolve);
  });
}
await pause(200);
if (how === 'cancel') {
  call.cancel();
  await pause(200);
}
process.kill(process.pid, 'SIGKILL');
