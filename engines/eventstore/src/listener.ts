import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { answerHttp } from './http-answers.js';

/** The first bytes of every HTTP/2 connection, and thus of every gRPC one. */
const HTTP2_PREFACE = 'PRI ';
/** What TLS calls the protocols, HTTP/2 preferred. */
const PROTOCOLS = ['h2', 'http/1.1'];

/** In PEM. */
export interface ServerCertificate {
  readonly certificate: string;
  readonly key: string;
}

/**
 * The port of a server. It owns the connections, since that is the one way to end all calls at once
 * with UNAVAILABLE: a call whose connection is gone can never look complete.
 */
export class Listener {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /**
   * `accept` is given the connections that speak HTTP/2; with a certificate over TLS.
   * @throws Error when the port is taken.
   */
  static async open(
    host: string,
    port: number,
    accept: (socket: Socket) => void,
    tls?: ServerCertificate,
  ): Promise<Listener> {
    const server = tls ? secureServer(tls) : createServer({ noDelay: true });
    const bound = await new Promise<number>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        const address = server.address();
        resolve(typeof address === 'object' && address ? address.port : port);
      });
    });
    const listener = new Listener(server, bound);
    server.on('connection', (socket) => {
      listener.keep(socket);
      if (!tls) handOver(socket, accept);
    });
    server.on('secureConnection', (socket: TLSSocket) => {
      listener.keep(socket);
      if (socket.alpnProtocol === 'h2') accept(socket);
      else answerHttp(socket);
    });
    return listener;
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    // A connection that breaks ends its calls by itself.
    socket.on('error', () => undefined);
  }

  /** Takes no more connections and cuts those that are open. */
  close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
    for (const socket of this.sockets) socket.destroy();
    return closed;
  }
}

const secureServer = ({ certificate: cert, key }: ServerCertificate): Server =>
  createTlsServer({
    ...{ cert, key, noDelay: true },
    ALPNProtocols: PROTOCOLS,
    minVersion: 'TLSv1.2',
  });

function handOver(socket: Socket, accept: (socket: Socket) => void): void {
  socket.once('data', (chunk: Buffer) => {
    socket.pause();
    socket.unshift(chunk);
    if (chunk.toString('latin1', 0, HTTP2_PREFACE.length) === HTTP2_PREFACE) accept(socket);
    else answerHttp(socket);
  });
}
