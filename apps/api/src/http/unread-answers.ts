import type { Socket } from 'node:net';
import { timeBudget } from './time-budget.js';

interface Seen {
  readonly unsent: number;
  readonly at: number;
}

/**
 * Ends connections of whose answers nothing has been taken for 30 seconds. Whoever takes a little now and
 * then goes on, however slow.
 */
export class UnreadAnswers {
  private seen = new Map<Socket, Seen>();

  /**
   * Looks at all connections; to be called every few seconds.
   *
   * @param now milliseconds of a clock that nobody sets
   */
  sweep(sockets: Iterable<Socket>, now: number): void {
    const seen = new Map<Socket, Seen>();
    for (const socket of sockets) {
      const unsent = unsentBytes(socket);
      if (unsent === 0) continue;
      const before = this.seen.get(socket);
      const stands = before?.unsent === unsent ? before : { unsent, at: now };
      if (now - stands.at >= timeBudget.unreadMs) socket.destroy();
      else seen.set(socket, stands);
    }
    this.seen = seen;
  }
}

/** The part of the write that is under way which the system has not taken, and what waits behind it. */
function unsentBytes(socket: Socket): number {
  const { _handle: handle } = socket as { _handle?: { readonly writeQueueSize?: number } | null };
  // Node.js itself finds out by this whether a write moves, and has no other name for it.
  return socket.writableLength === 0 ? 0 : socket.writableLength + (handle?.writeQueueSize ?? 0);
}
