import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

/** Where an OP_MSG has the first element of its command: after header, flags, kind and length. */
const FIRST_ELEMENT_AT = 16 + 4 + 1 + 4;
/** After the type of a text element of BSON: a command, a length, and the collection it is for. */
const COMMAND = /^(\w+)\0[^]{4}([^\0]*)\0/;
const TEXT = 2;
const LOOKED_UP = /^(session|user|read_models|credentials\w*|members\w*)$/;
const LOOK_UPS = ['find', 'aggregate'];

/**
 * A wire to the document store on which, once it is told so, no command gets an answer but the
 * look-ups by which a caller is authenticated: what a handler does itself meets silence.
 */
export class AuthenticationOnly {
  private readonly sockets = new Set<Socket>();
  private swallowing = false;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** Listens on a free port and passes on to the given one. */
  static async before(target: number): Promise<AuthenticationOnly> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The wire has no port');
    const wire = new AuthenticationOnly(server, address.port);
    server.on('connection', (near) => {
      wire.join(near, connect(target, '127.0.0.1'));
    });
    return wire;
  }

  swallow(): void {
    this.swallowing = true;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(near: Socket, far: Socket): void {
    near.on('data', (message) => {
      if (!this.swallowing || passes(message)) far.write(message);
    });
    far.on('data', (answer) => near.write(answer));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(one);
      one.setNoDelay(true);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
  }
}

/** The driver writes each of its small messages at once, so that it arrives as one chunk. */
function passes(message: Buffer): boolean {
  if (message[FIRST_ELEMENT_AT] !== TEXT) return true;
  const [, command = '', collection = ''] =
    COMMAND.exec(message.toString('latin1', FIRST_ELEMENT_AT + 1)) ?? [];
  return command === '' || (LOOK_UPS.includes(command) && LOOKED_UP.test(collection));
}
