import { once } from 'node:events';
import type { Socket } from 'node:net';
import { toFault } from '../bson/errors.js';
import {
  encodeMessage,
  HEADER_BYTES,
  MAX_MESSAGE_BYTES,
  parseMessage,
  type Command,
  type Frame,
  type Reply,
} from './message.js';

/** Answers one command; `closed` tells when the client has gone away. */
export type Handler = (command: Command, connection: Connection) => Promise<Reply>;

/** Reading pauses while more than this waits to be carried out. */
const MAX_WAITING_BYTES = 1024 * 1024;

let lastConnectionId = 0;

/** One client: frames its messages and answers them one after the other. */
export class Connection {
  readonly id: number;
  /** Address and port of the other end. */
  readonly client: string;
  readonly closed: Promise<void>;
  /** Closed, and what came in before has been dealt with. */
  readonly ended: Promise<void>;
  #chunks: Buffer[] = [];
  #buffered = 0;
  #needed = HEADER_BYTES;
  readonly #queue: Buffer[] = [];
  #waitingBytes = 0;
  #busy = false;
  #draining = Promise.resolve();

  constructor(
    private readonly socket: Socket,
    private readonly handle: Handler,
  ) {
    lastConnectionId += 1;
    this.id = lastConnectionId;
    this.client = `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`;
    socket.setNoDelay(true);
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        resolve();
      });
    });
    this.ended = this.closed.then(() => this.#draining);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      this.#receive(chunk);
    });
  }

  destroy(): void {
    this.socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    while (this.#buffered >= this.#needed) {
      const data =
        this.#chunks.length === 1 ? (this.#chunks[0] ?? chunk) : Buffer.concat(this.#chunks);
      this.#chunks = [data];
      const size = data.readInt32LE(0);
      if (size < HEADER_BYTES || size > MAX_MESSAGE_BYTES) {
        this.socket.destroy();
        return;
      }
      this.#needed = size;
      if (data.length < size) break;
      this.#queue.push(data.subarray(0, size));
      this.#waitingBytes += size;
      this.#chunks = data.length === size ? [] : [data.subarray(size)];
      this.#buffered = data.length - size;
      this.#needed = HEADER_BYTES;
    }
    if (this.#waitingBytes > MAX_WAITING_BYTES) this.socket.pause();
    if (!this.#busy) this.#draining = this.#drain();
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      // Whatever cannot be answered properly is answered by the end of the connection.
      await this.#answer(next).catch(() => this.socket.destroy());
      this.#waitingBytes -= next.length;
      if (this.#waitingBytes <= MAX_WAITING_BYTES) this.socket.resume();
    }
    this.#busy = false;
  }

  async #answer(message: Buffer): Promise<void> {
    let frame: Frame = { requestId: message.readInt32LE(4), legacy: false, silent: false };
    let reply: Reply;
    try {
      const command = parseMessage(message);
      frame = command;
      reply = await this.handle(command, this);
    } catch (error) {
      const fault = toFault(error);
      if (isOutcomeUnknown(error) || fault.code === MALFORMED) throw error;
      reply = fault.toReply();
    }
    if (frame.silent || this.socket.destroyed) return;
    if (this.socket.write(encodeMessage(frame, reply))) return;
    await Promise.race([once(this.socket, 'drain'), this.closed]);
  }
}

/** Bytes that are no message: nobody knows where the next one begins. */
const MALFORMED = 22;

/** A write that may or may not have been made must not be answered as failed: the client is cut off. */
const isOutcomeUnknown = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'store_failed';
