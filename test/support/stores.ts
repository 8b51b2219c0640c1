import { startEmbeddedEventStore } from '@keytrail/embedded-eventstore';
import { startEmbeddedMongo } from '@keytrail/embedded-mongo';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestStores {
  /** Of a running server that may hold other tests' events too. */
  readonly eventStoreUrl: string;
  /** Names a database of this call's own. */
  readonly mongoUrl: string;
  stop(): Promise<void>;
}

/**
 * The stores for a test: the servers that EVENTSTOREDB_URL and MONGODB_URL name, or embedded ones in
 * directories of their own.
 *
 * @param eventStore `false` when the test needs no event log; `eventStoreUrl` is '' then
 */
export async function testStores({ eventStore = true } = {}): Promise<TestStores> {
  const [events, mongo] = await Promise.all([
    eventStore ? eventStoreForTest() : { url: '', stop: nothing },
    mongoForTest(),
  ]);
  return {
    eventStoreUrl: events.url,
    mongoUrl: withDatabase(mongo.url, `keytrail_test_${randomUUID().replaceAll('-', '')}`),
    stop: async () => {
      await Promise.all([events.stop(), mongo.stop()]);
    },
  };
}

interface Store {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const nothing = (): Promise<void> => Promise.resolve();

function eventStoreForTest(): Promise<Store> {
  const url = process.env['EVENTSTOREDB_URL'];
  return url
    ? Promise.resolve({ url, stop: nothing })
    : embedded('events', startEmbeddedEventStore);
}

function mongoForTest(): Promise<Store> {
  const url = process.env['MONGODB_URL'];
  return url ? Promise.resolve({ url, stop: nothing }) : embedded('documents', startEmbeddedMongo);
}

interface EmbeddedOptions {
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
}

async function embedded(
  name: string,
  start: (options: EmbeddedOptions) => Promise<{ readonly url: string; close(): Promise<void> }>,
): Promise<Store> {
  const dataDir = await mkdtemp(join(tmpdir(), `keytrail-${name}-`));
  const server = await start({ dataDir, host: '127.0.0.1', port: 0 });
  return {
    url: server.url,
    stop: async () => {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The same servers and options with another database in the path. */
function withDatabase(url: string, database: string): string {
  const [, servers = '', query = ''] =
    /^(mongodb(?:\+srv)?:\/\/[^/?]+)[^?]*(\?.*)?$/.exec(url) ?? [];
  return `${servers}/${database}${query}`;
}
