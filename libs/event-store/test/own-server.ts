import { type EmbeddedEventStore, startEmbeddedEventStore } from '@keytrail/embedded-eventstore';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeCommand, sharedEventStoreUrl } from '../../../test/support/engines/environment.js';
import { OwnNode } from '../../../test/support/engines/own-node.js';
import { freePort } from '../../../test/support/net/free-port.js';

interface Engine {
  start(): Promise<void>;
  /** Ends it; what it has stored is kept. */
  stop(): Promise<void>;
}

/** A server with a new log for one suite, at the mercy of its tests. */
export class OwnServer {
  private constructor(
    private readonly dataDir: string,
    readonly port: number,
    private readonly engine: Engine,
  ) {}

  /** A node that EVENTSTOREDB_COMMAND starts, or an embedded store. */
  static async start(): Promise<OwnServer> {
    return OwnServer.of((dataDir, port) =>
      nodeCommand() === '' ? new Embedded(dataDir, port) : nodeIn(dataDir, port),
    );
  }

  private static async of(engineOf: (dataDir: string, port: number) => Engine): Promise<OwnServer> {
    const [dataDir, port] = [await mkdtemp(join(tmpdir(), 'keytrail-log-')), await freePort()];
    const server = new OwnServer(dataDir, port, engineOf(join(dataDir, 'db'), port));
    await server.engine.start();
    return server;
  }

  get url(): string {
    return urlOf(this.port);
  }

  start(): Promise<void> {
    return this.engine.start();
  }

  stop(): Promise<void> {
    return this.engine.stop();
  }

  /** Puts a new log in the place of this one. */
  async renew(): Promise<void> {
    await this.stop();
    await rm(join(this.dataDir, 'db'), { recursive: true });
    await this.start();
  }

  /** Ends it, and removes what it has stored. */
  async end(): Promise<void> {
    await this.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

export const urlOf = (port: number): string => `esdb://127.0.0.1:${port}?tls=false`;

/** A server whose log may hold others' events too: that of EVENTSTOREDB_URL, or one of the suite's own. */
export async function anyServer(): Promise<{ readonly url: string; end(): Promise<void> }> {
  const url = sharedEventStoreUrl();
  return url === '' ? OwnServer.start() : { url, end: () => Promise.resolve() };
}

/** An embedded store, whatever the tests are to meet otherwise, for what no real server can be made to do. */
export async function embeddedServer(): Promise<EmbeddedEventStore> {
  const dataDir = await mkdtemp(join(tmpdir(), 'keytrail-log-'));
  const server = await startEmbeddedEventStore({ dataDir, port: 0 });
  return {
    ...server,
    close: async () => {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

class Embedded implements Engine {
  private running: EmbeddedEventStore | undefined;

  constructor(
    private readonly dataDir: string,
    private readonly port: number,
  ) {}

  async start(): Promise<void> {
    this.running = await startEmbeddedEventStore({ dataDir: this.dataDir, port: this.port });
  }

  async stop(): Promise<void> {
    await this.running?.close();
    this.running = undefined;
  }
}

function nodeIn(dataDir: string, port: number): Engine {
  const node = new OwnNode(dataDir, port);
  return { start: () => node.start(), stop: () => node.kill9() };
}
