import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { dispatch } from './commands/dispatch.js';
import type { Services } from './commands/context.js';
import { CursorRegistry } from './sessions/cursors.js';
import { Operations } from './sessions/operations.js';
import { Retries } from './sessions/retries.js';
import { SignIn, USERS_IN, type User } from './sessions/sign-in.js';
import { Transactions } from './sessions/transactions.js';
import { DocumentDatabase } from './storage/database.js';
import { Connection } from './wire/connection.js';

export interface EmbeddedMongoOptions {
  /** Directory for the data; a folder `mongo` is made in it. One process at a time. */
  readonly dataDir: string;
  /** Address to listen on, by default 127.0.0.1: there is no TLS. */
  readonly host?: string;
  /** Port; 0 takes a free one. */
  readonly port: number;
  /** Who may give commands; without one everybody may, as with a server that runs without `--auth`. */
  readonly user?: User;
  /** Called when the disk fails: the process should then exit. By default the error is thrown. */
  readonly onFatal?: (error: unknown) => void;
}

export interface EmbeddedMongo {
  readonly port: number;
  /** Connection string for any MongoDB client, with the user's name and password. */
  readonly url: string;
  /** Refuses new connections, cuts the open ones, waits for writes under way, closes the files. */
  close(): Promise<void>;
}

const SET_NAME = 'rs0';
const HOUSEKEEPING_MS = 30_000;

async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/**
 * Starts a document store that speaks the MongoDB wire protocol (OP_MSG, version 21) and keeps its data
 * in LMDB; the official drivers use it unchanged. Every acknowledged write has been fsynced. It is for
 * development, tests and small single-machine use. Rejects if the port is taken.
 */
export async function startEmbeddedMongo(options: EmbeddedMongoOptions): Promise<EmbeddedMongo> {
  const { dataDir, host = '127.0.0.1' } = options;
  const onFatal =
    options.onFatal ??
    ((error: unknown) => {
      throw error;
    });
  const connections = new Set<Connection>();
  const server = createServer();
  const port = await listen(server, host, options.port);
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const signIn = await SignIn.as(options.user);
  const services = openOrClose(server, () =>
    openServices(join(dataDir, 'mongo'), address, signIn, onFatal),
  );
  server.on('connection', (socket) => {
    const connection = new Connection(socket, (command, from) => dispatch(services, command, from));
    connections.add(connection);
    void connection.ended.then(() => {
      connections.delete(connection);
      services.transactions.leave(connection);
    });
  });
  const housekeeping = setInterval(() => {
    keepHouse(services);
  }, HOUSEKEEPING_MS);
  housekeeping.unref();
  return {
    port,
    url: urlOf(address, options.user),
    close: async () => {
      clearInterval(housekeeping);
      const closed = once(server, 'close');
      server.close();
      for (const connection of connections) connection.destroy();
      await closed;
      services.transactions.close();
      await services.database.close();
    },
  };
}

/** A directory that cannot be opened must not leave a port behind that nobody answers. */
function openOrClose(server: Server, open: () => Services): Services {
  try {
    return open();
  } catch (error) {
    server.close();
    throw error;
  }
}

function openServices(
  path: string,
  host: string,
  signIn: SignIn,
  onFatal: (error: unknown) => void,
): Services {
  const database = new DocumentDatabase(path, onFatal);
  return {
    database,
    cursors: new CursorRegistry(),
    transactions: new Transactions(database),
    retries: new Retries(database.store),
    operations: new Operations(),
    signIn,
    host,
    setName: SET_NAME,
  };
}

function urlOf(address: string, user: User | undefined): string {
  const named = user
    ? `${encodeURIComponent(user.name)}:${encodeURIComponent(user.password)}@`
    : '';
  const source = user ? `&authSource=${USERS_IN}` : '';
  return `mongodb://${named}${address}/?replicaSet=${SET_NAME}&directConnection=true${source}`;
}

function keepHouse({ cursors, retries, database }: Services): void {
  const now = Date.now();
  cursors.closeIdle(now);
  // A store that fails or closes rejects these; it tells so itself, through onFatal.
  database
    .write(() => {
      retries.sweep(now);
    })
    .catch(() => undefined);
}
