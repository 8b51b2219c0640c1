import { startEmbeddedEventStore } from '@keytrail/embedded-eventstore';
import { startEmbeddedMongo } from '@keytrail/embedded-mongo';
import { drawStoresPassword } from '@keytrail/platform';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dropDatabase, newDatabase } from './engines/database.js';
import { nodeCommand, sharedEventStoreUrl, sharedMongoUrl } from './engines/environment.js';
import { OwnNode } from './engines/own-node.js';
import { freePort } from './net/free-port.js';

export interface TestStores {
  /** Of a running server that may hold other tests' events too, unless a new log was asked for. */
  readonly eventStoreUrl: string;
  /** Names a database of this call's own. */
  readonly mongoUrl: string;
  stop(): Promise<void>;
}

interface TestStoresOptions {
  /** `false` when the test needs no event log; `eventStoreUrl` is '' then. */
  readonly eventStore?: boolean;
  /** A log in which nobody has written anything: what is wrong with an empty one hides in any other. */
  readonly newLog?: boolean;
}

/**
 * The stores for a test: the servers that EVENTSTOREDB_URL and MONGODB_URL name, a node that
 * EVENTSTOREDB_COMMAND starts, or embedded ones in directories of their own.
 */
export async function testStores({
  eventStore = true,
  newLog = false,
}: TestStoresOptions = {}): Promise<TestStores> {
  const mongo = await mongoForTest();
  try {
    const events: Store = eventStore ? await eventStoreForTest(newLog) : { url: '', stop: nothing };
    const stop = async (): Promise<void> => {
      await Promise.all([events.stop(), mongo.stop()]);
    };
    return { eventStoreUrl: events.url, mongoUrl: mongo.url, stop };
  } catch (error) {
    await mongo.stop();
    throw error;
  }
}

interface Store {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const nothing = (): Promise<void> => Promise.resolve();

async function eventStoreForTest(newLog: boolean): Promise<Store> {
  const url = sharedEventStoreUrl();
  if (url !== '' && !newLog) return { url, stop: nothing };
  if (url !== '' && nodeCommand() === '') {
    throw new Error('A test with a new log needs EVENTSTOREDB_COMMAND');
  }
  // An embedded store takes a free port by itself.
  return eventStoreOn(nodeCommand() === '' ? 0 : await freePort());
}

/** An event store with a new log on a port that is known before, of the kind that the tests are to meet. */
export function eventStoreOn(port: number): Promise<Store> {
  return nodeCommand() === '' ? embedded('events', startEmbeddedEventStore, port) : ownNode(port);
}

async function ownNode(port: number): Promise<Store> {
  const dataDir = await mkdtemp(join(tmpdir(), 'keytrail-node-'));
  const node = new OwnNode(join(dataDir, 'db'), port);
  const stop = async (): Promise<void> => {
    await node.kill9();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await node.start();
    return { url: node.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function mongoForTest(): Promise<Store> {
  const server = sharedMongoUrl();
  if (server === '') {
    const user = { name: 'keytrail', password: drawStoresPassword() };
    const start = (options: EmbeddedOptions) => startEmbeddedMongo({ ...options, user });
    const { url, stop } = await embedded('documents', start, 0);
    return { url: newDatabase(url), stop };
  }
  const url = newDatabase(server);
  return { url, stop: () => dropDatabase(url) };
}

interface EmbeddedOptions {
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
}

async function embedded(
  name: string,
  start: (options: EmbeddedOptions) => Promise<{ readonly url: string; close(): Promise<void> }>,
  port: number,
): Promise<Store> {
  const dataDir = await mkdtemp(join(tmpdir(), `keytrail-${name}-`));
  const server = await start({ dataDir, host: '127.0.0.1', port });
  return {
    url: server.url,
    stop: async () => {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
