import { join } from 'node:path';
import type { Access } from './access.js';
import { openDurableStore } from '@keytrail/embedded-storage';
import { Appender } from './appender.js';
import { CommitSignal } from './commit-signal.js';
import { EventLog } from './event-log.js';
import { FollowerLog } from './follower-log.js';
import { serveNode, type Endpoint } from './grpc-node.js';
import type { Member } from './information-services.js';
import { Role, type Plays } from './plays.js';

export interface EmbeddedEventStoreOptions {
  /** Directory of the log; created when missing. One process at a time may use it. */
  readonly dataDir: string;
  /** Address to listen on, by default 127.0.0.1. */
  readonly host?: string;
  /** By which clients reach that address, by default the address itself. */
  readonly name?: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Who may call it; without it everybody may, without TLS, as with a server that runs with `--insecure`. */
  readonly access?: Access;
  /** Called once when the log can no longer be written durably; the process should then exit. */
  readonly onFatal?: (error: unknown) => void;
  /** For tests: what is to be wrong with the server. */
  readonly plays?: Plays;
}

/** One address at which the log is served. */
export interface EventStoreNode {
  readonly host: string;
  readonly port: number;
  /** Connection string for EventStoreDB clients, with the user's name and password. */
  readonly url: string;
  /** For tests: what is wrong with it from now on; `{}` heals it. */
  play(plays: Plays): void;
  /** Ends all calls and subscriptions with UNAVAILABLE. */
  close(): Promise<void>;
}

export interface EmbeddedEventStore extends EventStoreNode {
  /** For tests: serves the same log at another address, as another node of a cluster. */
  addNode(options?: { readonly port?: number; readonly plays?: Plays }): Promise<EventStoreNode>;
  /** Answers the appends under way, ends all calls and subscriptions, then closes the log. */
  close(): Promise<void>;
}

/**
 * Starts a server for the EventStoreDB gRPC protocol on top of an embedded log. An append is answered
 * only when it is on disk. What is not served is answered with UNIMPLEMENTED.
 * @throws Error when the port is taken or the directory cannot be used.
 */
export async function startEmbeddedEventStore(
  options: EmbeddedEventStoreOptions,
): Promise<EmbeddedEventStore> {
  const { access, host = '127.0.0.1', name = host } = options;
  const store = openDurableStore({
    path: join(options.dataDir),
    onFatal: options.onFatal ?? throwLater,
  });
  const signal = new CommitSignal();
  const firstRole = new Role(options.plays);
  const log = new EventLog(store);
  const appender = new Appender(store, log, signal, () => firstRole.now());
  const nodes: { endpoint: Endpoint; role: Role }[] = [];
  const members = (): Member[] =>
    nodes.map(({ endpoint: { host, port }, role }) => {
      return { host, port, isLeader: role.plays.follower === undefined };
    });

  const catchUp = () => {
    signal.everything();
  };
  // What a node learns late it learns without a further commit.
  signal.listen(undefined, () => {
    for (const { role } of nodes) {
      const delayMs = role.plays.follower?.behindMs;
      if (delayMs !== undefined) setTimeout(catchUp, delayMs + 1).unref();
    }
  });
  const addNode = async (role: Role, port: number): Promise<EventStoreNode> => {
    const node = { log: new FollowerLog(store, role), appender, signal, role };
    const endpoint = await serveNode(node, members, { host, name, port, access });
    nodes.push({ endpoint, role });
    return {
      host,
      port: endpoint.port,
      url: urlOf(`${name.includes(':') ? `[${name}]` : name}:${endpoint.port}`, access),
      play: (plays) => {
        role.plays = plays;
        catchUp();
      },
      close: () => endpoint.close(),
    };
  };

  const first = await begin(appender, () => addNode(firstRole, options.port)).catch(
    async (error: unknown) => {
      await store.close();
      throw error;
    },
  );
  return {
    ...first,
    addNode: ({ port = 0, plays } = {}) => addNode(new Role(plays), port),
    close: async () => {
      await appender.stop();
      await Promise.all(nodes.map(({ endpoint }) => endpoint.close()));
      await store.close();
    },
  };
}

function urlOf(address: string, access: Access | undefined): string {
  if (!access) return `esdb://${address}?tls=false`;
  const { user, password, certificateFile } = access;
  const named = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return `esdb://${named}@${address}?tlsCAFile=${encodeURIComponent(certificateFile)}`;
}

async function begin<T>(appender: Appender, serve: () => Promise<T>): Promise<T> {
  await appender.beginLog();
  return serve();
}

/** Without a handler a failed store ends the process by an uncaught exception. */
function throwLater(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
