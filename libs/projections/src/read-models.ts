import { type Db, MongoClient } from 'mongodb';
import './closed-connections.js';
import { noteMembers } from './newest-only.js';
import type { ReadModel } from './read-model.js';
import { Registry } from './registry.js';
import { ViewSource } from './view-source.js';

/**
 * The document database, the read models that are kept in it and what is known of them. One object per
 * process.
 */
export interface ReadModels<Name extends string = string> {
  readonly client: MongoClient;
  readonly db: Db;
  readonly models: readonly ReadModel<Name>[];
  readonly registry: Registry;
  readonly views: ViewSource<Name>;
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
export function openModels<Name extends string>(
  mongoUrl: string,
  models: readonly ReadModel<Name>[],
  {
    serverSelectionTimeoutMs = 2_000,
    socketTimeoutMs = 30_000,
    maxPoolSize = 20,
  }: OpenOptions = {},
): ReadModels<Name> {
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
  noteMembers(client);
  const db = client.db(databaseOf(mongoUrl));
  const registry = new Registry(db);
  const views = new ViewSource(
    registry,
    models.map(({ name }) => name),
  );
  // Nobody can exchange a database to which connections stay open.
  client.on('connectionPoolCleared', views.lost);
  client.on('connectionClosed', ({ reason }) => {
    if (reason === 'error') views.lost();
  });
  return { client, db, models, registry, views, close: () => client.close() };
}

/** A connection string may list several hosts, which URL parsers refuse. */
function databaseOf(mongoUrl: string): string {
  const [, path = ''] = /^mongodb(?:\+srv)?:\/\/[^/?]+(?:\/([^?]*))?/.exec(mongoUrl) ?? [];
  return path === '' ? defaultDatabase : decodeURIComponent(path);
}
