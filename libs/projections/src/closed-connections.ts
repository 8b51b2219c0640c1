import { Connection } from 'mongodb/lib/cmap/connection.js';

const { cleanup } = Connection.prototype;

/**
 * The driver waits for `drain` or `error` after a write that a socket has not taken, and a socket that
 * was closed emits neither: the operation would hang for ever, and all who wait for it (mongodb 7.9.0,
 * `Connection.writeCommand`). So a connection that ends tells those who wait to write.
 */
Connection.prototype.cleanup = function (error) {
  if (this.closed) return;
  cleanup.call(this, error);
  if (this.socket.listenerCount('drain') > 0) this.socket.emit('error', error);
};
