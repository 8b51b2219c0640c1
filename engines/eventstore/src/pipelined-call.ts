import { ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';

const MAX_BYTES_UNDER_WAY = 256 * 1024;

/**
 * Lets a call hand on messages before the last one is written to the socket, up to a number of bytes.
 * Without it a stream sends one message per turn of the event loop, each in a write of its own.
 */
class PipelinedCall extends ServerInterceptingCall {
  private bytesUnderWay = 0;
  private held: (() => void) | undefined;

  override sendMessage(message: unknown, callback: () => void): void {
    const sizeBytes = Buffer.isBuffer(message) ? message.length : 0;
    this.bytesUnderWay += sizeBytes;
    const isFull = this.bytesUnderWay > MAX_BYTES_UNDER_WAY;
    if (isFull) this.held = callback;
    super.sendMessage(message, () => {
      this.bytesUnderWay -= sizeBytes;
      if (this.bytesUnderWay > MAX_BYTES_UNDER_WAY) return;
      const release = this.held;
      this.held = undefined;
      release?.();
    });
    if (!isFull) callback();
  }
}

export const pipelining: ServerInterceptor = (_method, call) => new PipelinedCall(call);
