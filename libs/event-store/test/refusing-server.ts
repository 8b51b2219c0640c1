import serverFeatures from '@eventstore/db-client/generated/serverfeatures_pb.js';
import { once } from 'node:events';
import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';

/** How a call ends: a status of gRPC, and what the server says about it. */
export interface Ending {
  readonly code: number;
  readonly message?: string;
  readonly trailers?: Readonly<Record<string, string>>;
}

/** A server that knows the protocol and ends each append and read as it is told. */
export class RefusingServer {
  /** How many appends have come. */
  appends = 0;
  /** How it ends the next questions for what it can do; those after them it answers. */
  readonly featureEndings: Ending[] = [];

  private constructor(
    private readonly server: Http2Server,
    readonly url: string,
    private readonly ending: Ending,
  ) {}

  static async start(ending: Ending): Promise<RefusingServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The server has no port');
    const url = `esdb://127.0.0.1:${address.port}?tls=false`;
    const refusing = new RefusingServer(server, url, ending);
    server.on('stream', (stream, headers) => {
      refusing.answer(stream, String(headers[':path']));
    });
    return refusing;
  }

  async close(): Promise<void> {
    this.server.close();
    await once(this.server, 'close');
  }

  private answer(stream: ServerHttp2Stream, path: string): void {
    stream.on('error', () => undefined);
    if (path.endsWith('/GetSupportedMethods')) {
      const ending = this.featureEndings.shift();
      if (ending) end(stream, ending);
      else end(stream, { code: 0 }, supportedMethods());
    } else if (path.endsWith('/BatchAppend')) {
      stream.once('data', () => {
        this.appends += 1;
        end(stream, this.ending);
      });
    } else {
      stream.resume();
      end(stream, this.ending);
    }
  }
}

const OK = { ':status': 200, 'content-type': 'application/grpc' };

function end(
  stream: ServerHttp2Stream,
  { code, message = '', trailers }: Ending,
  body?: Buffer,
): void {
  stream.respond(OK, { waitForTrailers: true });
  stream.on('wantTrailers', () => {
    stream.sendTrailers({ 'grpc-status': String(code), 'grpc-message': message, ...trailers });
  });
  stream.end(body);
}

/** One message of gRPC: not compressed, its length, its bytes. */
function framed(bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

function supportedMethods(): Buffer {
  const methods = ['append', 'batchappend', 'read'].map((name) =>
    new serverFeatures.SupportedMethod()
      .setServiceName('event_store.client.streams.streams')
      .setMethodName(name),
  );
  const answer = new serverFeatures.SupportedMethods()
    .setEventStoreServerVersion('24.10.14')
    .setMethodsList(methods);
  return framed(answer.serializeBinary());
}
