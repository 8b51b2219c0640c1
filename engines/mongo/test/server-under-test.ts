import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient, MongoServerError, type Collection, type Db, type Document } from 'mongodb';
import { startEmbeddedMongo } from '../src/index.js';

const externalUrl = process.env['MONGODB_URL'] ?? '';

/** For tests that kill or restart the server, or rely on what only the embedded one refuses. */
export const describeUnlessExternalServer = externalUrl === '' ? describe : describe.skip;

/** Documents with any kind of `_id`. */
export interface Doc extends Document {
  _id?: string | number | boolean | object;
}

interface ServerUnderTest {
  readonly client: MongoClient;
  /** A database of this test file only. */
  readonly db: Db;
  readonly url: string;
  /** A fresh, empty collection. */
  collection(): Collection<Doc>;
  stop(): Promise<void>;
}

async function start(): Promise<{ url: string; stop: () => Promise<void> }> {
  if (externalUrl !== '') return { url: externalUrl, stop: () => Promise.resolve() };
  const dataDir = await mkdtemp(join(tmpdir(), 'mongo-'));
  const server = await startEmbeddedMongo({ dataDir, port: 0 });
  return {
    url: server.url,
    stop: async () => {
      await server.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** The server named by MONGODB_URL, or an embedded one in a directory of its own. */
async function serverUnderTest(): Promise<ServerUnderTest> {
  const { url, stop } = await start();
  const client = await new MongoClient(url, { serverSelectionTimeoutMS: 5_000 }).connect();
  const db = client.db(`test-${randomUUID()}`);
  return {
    client,
    db,
    url,
    collection: () => db.collection<Doc>(`c-${randomUUID()}`),
    stop: async () => {
      await db.dropDatabase();
      await client.close();
      await stop();
    },
  };
}

/** A server for all tests of a file; it is there from their first hook on. */
export function useServer(): Omit<ServerUnderTest, 'stop'> {
  let started: ServerUnderTest | undefined;
  beforeAll(async () => {
    started = await serverUnderTest();
  });
  afterAll(async () => {
    await started?.stop();
  });
  const server = (): ServerUnderTest => {
    if (started === undefined) throw new Error('The server has not been started yet.');
    return started;
  };
  return {
    get client() {
      return server().client;
    },
    get db() {
      return server().db;
    },
    get url() {
      return server().url;
    },
    collection: () => server().collection(),
  };
}

/** The error a refused operation answers with. */
export async function refusal(operation: Promise<unknown>): Promise<MongoServerError> {
  try {
    await operation;
  } catch (error) {
    if (error instanceof MongoServerError) return error;
    throw error;
  }
  throw new Error('The operation was not refused.');
}

export const ids = (documents: readonly Doc[]): unknown[] => documents.map(({ _id }) => _id);
