import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

interface Ends {
  readonly near: Socket;
  readonly far: Socket;
}

/** A wire between clients and a server that counts what it carries, and can lose answers. */
export class Wire {
  /** What the server has sent so far, in bytes. */
  answeredBytes = 0;
  /** How many connections have been made. */
  connections = 0;
  private readonly open = new Set<Ends>();
  private losesAnswers = false;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async before(target: number): Promise<Wire> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The wire has no port');
    const wire = new Wire(server, address.port);
    server.on('connection', (near) => {
      wire.join({ near, far: connect(target, '127.0.0.1') });
    });
    return wire;
  }

  /** From now on requests arrive, and their answers do not. */
  loseAnswers(): void {
    this.losesAnswers = true;
    for (const { far } of this.open) far.pause();
  }

  /** New connections carry answers again; those that were open stay silent. */
  answerNewOnes(): void {
    this.losesAnswers = false;
  }

  /** Breaks all connections; new ones can be made. */
  cut(): void {
    for (const { near, far } of this.open) {
      near.destroy();
      far.destroy();
    }
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(ends: Ends): void {
    const { near, far } = ends;
    this.connections += 1;
    this.open.add(ends);
    near.on('data', (chunk) => far.write(chunk));
    far.on('data', (chunk) => {
      this.answeredBytes += chunk.length;
      near.write(chunk);
    });
    for (const end of [near, far]) {
      end.setNoDelay(true);
      end.on('error', () => undefined);
      end.on('close', () => {
        this.open.delete(ends);
        near.destroy();
        far.destroy();
      });
    }
    if (this.losesAnswers) far.pause();
  }
}
