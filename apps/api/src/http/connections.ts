import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Counts, networkOf } from '@keytrail/platform';
import type { FastifyInstance } from 'fastify';
import { UnreadAnswers } from './unread-answers.js';

export interface ConnectionBounds {
  readonly inAll: number;
  /** Of one IPv4 address or one /64 of IPv6; unlimited behind proxies, which hold those of everybody. */
  readonly perNetwork: number;
}

interface Connection {
  readonly socket: Socket;
  readonly network: string;
  /** Requests whose answers have not been taken whole. */
  requests: number;
}

/**
 * The connections of the server. Where there are too many, the one on which nothing has been under way
 * for longest is ended for a new one, so that silent ones, however many, keep nobody out; when something
 * is under way on all of them, the new one is.
 */
class Connections {
  private readonly bySocket = new Map<Socket, Connection>();
  private readonly perNetwork = new Counts();
  /** Those on which nothing is under way, longest first; also those on which no request came yet. */
  private readonly idle = new Set<Connection>();
  private readonly unread = new UnreadAnswers();
  private isClosing = false;

  constructor(private readonly bounds: ConnectionBounds) {}

  get closing(): boolean {
    return this.isClosing;
  }

  accept(socket: Socket): void {
    // The address is gone when the other side is.
    const network = networkOf(socket.remoteAddress ?? '');
    if (this.isClosing || !this.makeRoom(network)) {
      socket.destroy();
      return;
    }
    const connection = { socket, network, requests: 0 };
    this.bySocket.set(socket, connection);
    this.perNetwork.add(network);
    this.idle.add(connection);
    socket.once('close', () => {
      this.forget(connection);
    });
  }

  begin({ socket }: IncomingMessage, answer: ServerResponse): void {
    const connection = this.bySocket.get(socket);
    if (!connection) return;
    connection.requests += 1;
    this.idle.delete(connection);
    answer.once('close', () => {
      connection.requests -= 1;
      if (connection.requests === 0 && this.bySocket.has(socket)) this.idle.add(connection);
    });
  }

  sweep(now: number): void {
    this.unread.sweep(this.bySocket.keys(), now);
  }

  /**
   * Ends what would hold a close of the server up: to Node.js a connection on which no request ever came
   * is not idle, and browsers and load balancers open some in advance.
   */
  close(): void {
    this.isClosing = true;
    for (const { socket } of this.idle) socket.destroy();
  }

  private makeRoom(network: string): boolean {
    const { inAll, perNetwork } = this.bounds;
    if (this.perNetwork.of(network) >= perNetwork)
      return this.endOne((one) => one.network === network);
    if (this.bySocket.size >= inAll) return this.endOne(() => true);
    return true;
  }

  private endOne(accepts: (connection: Connection) => boolean): boolean {
    for (const connection of this.idle) {
      if (!accepts(connection)) continue;
      this.forget(connection);
      connection.socket.destroy();
      return true;
    }
    return false;
  }

  private forget(connection: Connection): void {
    if (!this.bySocket.delete(connection.socket)) return;
    this.idle.delete(connection);
    this.perNetwork.remove(connection.network);
  }
}

const SWEEP_MS = 2_000;

/** Keeps the connections of a server within bounds, and lets none of them hold up its close. */
export function limitConnections(fastify: FastifyInstance, bounds: ConnectionBounds): void {
  const connections = new Connections(bounds);
  const { server } = fastify;
  server.on('connection', (socket) => {
    connections.accept(socket);
  });
  server.on('request', (request, answer) => {
    connections.begin(request, answer);
  });
  const sweeping = setInterval(() => {
    connections.sweep(performance.now());
  }, SWEEP_MS).unref();
  fastify.addHook('preClose', (done) => {
    connections.close();
    done();
  });
  fastify.addHook('onClose', (_fastify, done) => {
    clearInterval(sweeping);
    done();
  });
  // A connection whose request is answered meanwhile would be kept for a next one.
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (connections.closing) void reply.header('connection', 'close');
    done();
  });
}
