import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { once } from 'node:events';

/** A wire between a client and a server that can swallow all that is sent without breaking. */
export class BlackHole {
  private readonly sockets = new Set<Socket>();
  /** Those that were open when it began to swallow. */
  private lost: ReadonlySet<Socket> = new Set();
  private swallowing = false;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** Listens on a free port and passes everything on to the given one. */
  static async before(target: number): Promise<BlackHole> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The wire has no port');
    const wire = new BlackHole(server, address.port);
    server.on('connection', (near) => {
      wire.join(near, connect(target, '127.0.0.1'));
    });
    return wire;
  }

  /** From now on nothing arrives in either direction; connections stay open, new ones are silent. */
  swallow(): void {
    this.swallowing = true;
    this.lost = new Set(this.sockets);
    for (const socket of this.sockets) socket.pause();
  }

  pass(): void {
    this.swallowing = false;
    for (const socket of this.sockets) socket.resume();
  }

  /** As a firewall that was restarted: what was open before stays open, silent for ever. */
  passNewOnes(): void {
    this.swallowing = false;
    for (const socket of this.sockets) if (!this.lost.has(socket)) socket.resume();
  }

  /** Breaks all connections and takes no more; once done, a second call changes nothing. */
  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    if (!this.server.listening) return;
    this.server.close();
    await once(this.server, 'close');
  }

  private join(near: Socket, far: Socket): void {
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (chunk) => to.write(chunk));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      if (this.swallowing) from.pause();
    }
  }
}
