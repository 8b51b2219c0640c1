import { type Db, MongoClient } from 'mongodb';
import './closed-connections.js';
import { Registry } from './registry.js';
import { ViewSource } from './view-source.js';

/** The document database and what is known of the read models in it. One object per process. */
export interface ReadModels {
  readonly client: MongoClient;
  readonly db: Db;
  readonly registry: Registry;
  readonly views: ViewSource;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** How long an operation waits for a server to be found, in milliseconds. */
  readonly serverSelectionTimeoutMs?: number;
  /** How long a connection may be silent while an answer is awaited, in milliseconds. */
  readonly socketTimeoutMs?: number;
  /** The most connections to the server. */
  readonly maxPoolSize?: number;
}

const defaultDatabase = 'keytrail';

/**
 * Opens the read models; connects with the first operation. Reads go to the primary, and a write is
 * acknowledged by a majority and on disk.
 *
 * @param mongoUrl connection string; its path names the database, `keytrail` when it has none
 */
export function openReadModels(
  mongoUrl: string,
  {
    serverSelectionTimeoutMs = 2_000,
    socketTimeoutMs = 30_000,
    maxPoolSize = 20,
  }: OpenOptions = {},
): ReadModels {
  const client = new MongoClient(mongoUrl, {
    appName: 'keytrail',
    readPreference: 'primary',
    writeConcern: { w: 'majority', journal: true },
    retryWrites: true,
    retryReads: true,
    serverSelectionTimeoutMS: serverSelectionTimeoutMs,
    connectTimeoutMS: 5_000,
    socketTimeoutMS: socketTimeoutMs,
    maxPoolSize,
    ignoreUndefined: true,
  });
  const db = client.db(databaseOf(mongoUrl));
  const registry = new Registry(db);
  const views = new ViewSource(registry);
  // Nobody can exchange a database to which connections stay open.
  client.on('connectionPoolCleared', views.lost);
  client.on('connectionClosed', ({ reason }) => {
    if (reason === 'error') views.lost();
  });
  return { client, db, registry, views, close: () => client.close() };
}

/** A connection string may list several hosts, which URL parsers refuse. */
function databaseOf(mongoUrl: string): string {
  const [, path = ''] = /^mongodb(?:\+srv)?:\/\/[^/?]+(?:\/([^?]*))?/.exec(mongoUrl) ?? [];
  return path === '' ? defaultDatabase : decodeURIComponent(path);
}
