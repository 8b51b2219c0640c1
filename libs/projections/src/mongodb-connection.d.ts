/** The part of the driver's own connection class that `closed-connections.ts` mends. */
declare module 'mongodb/lib/cmap/connection.js' {
  export class Connection {
    readonly closed: boolean;
    readonly socket: import('node:net').Socket;
    cleanup: (this: Connection, error: Error) => void;
  }
}
