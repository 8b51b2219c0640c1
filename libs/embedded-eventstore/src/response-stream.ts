import { setImmediate } from 'node:timers/promises';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';

export type ReadCall = ServerWritableStream<ReadReq, Buffer>;

/** Lets other calls have their turn; a long read would otherwise keep the process to itself. */
export const nextTurn = (): Promise<void> => setImmediate();

/** Sends messages as fast as the reader takes them, and no faster. */
export class ResponseStream {
  private readonly wakers = new Set<() => void>();
  private readonly drainers = new Set<() => void>();

  constructor(private readonly call: ReadCall) {
    const drain = () => {
      release(this.drainers);
    };
    const gone = () => {
      drain();
      this.wake();
    };
    call.on('cancelled', gone);
    call.on('close', gone);
    call.on('drain', drain);
  }

  isOpen(): boolean {
    return !this.call.cancelled && !this.call.destroyed;
  }

  /** False when the stream must drain before more is sent, see `drained`. */
  send(message: Buffer): boolean {
    return this.call.write(message);
  }

  /** Resolves once there is room again, or the reader has gone. */
  async drained(): Promise<void> {
    if (!this.isOpen() || !this.call.writableNeedDrain) return;
    await new Promise<void>((resolve) => this.drainers.add(resolve));
  }

  /** Resolves at the next `wake`, or when the reader has gone. */
  async woken(): Promise<void> {
    if (!this.isOpen()) return;
    await new Promise<void>((resolve) => this.wakers.add(resolve));
  }

  wake(): void {
    release(this.wakers);
  }
}

function release(waiting: Set<() => void>): void {
  const all = [...waiting];
  waiting.clear();
  for (const resolve of all) resolve();
}
