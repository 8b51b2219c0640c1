import { EventStoreDBClient, jsonEvent, type EventData } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedEventStore } from '../../src/index.js';
import { startServerProcess, type ServerProcess } from './server-process.js';

const externalUrl = process.env['EVENTSTOREDB_URL'] ?? '';
/** Starts a node in the foreground when called with a data directory and a port. */
const command = process.env['EVENTSTOREDB_COMMAND'] ?? '';

/** Whether the answers may be held to what the embedded server promises beyond the real one. */
export const isEmbedded = externalUrl === '';

/** For tests of the embedded server alone: what it can be made to do, or how much it needs. */
export const describeUnlessExternalServer = externalUrl === '' ? describe : describe.skip;

/** For tests that need a server, or a log, that nobody else uses. The title says when they are left out. */
export function describeWithOwnServer(title: string, tests: () => void): void {
  if (externalUrl === '' || command !== '') describe(title, tests);
  else
    describe.skip(
      `${title} (LEFT OUT: set EVENTSTOREDB_COMMAND to start a node of its own)`,
      tests,
    );
}

/** Whose own server is stopped by the test, or by `stop`. */
export interface OwnServer extends ServerUnderTest {
  readonly process: ServerProcess;
}

/** A server with a new log, in a process of its own. */
export async function ownServer(): Promise<OwnServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'event-store-'));
  const server = await startServerProcess(dataDir, command === '' ? undefined : command);
  const connected = connect(server.url, async () => {
    await server.end('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
    await rm(`${dataDir}-log`, { recursive: true, force: true });
  });
  return { ...connected, process: server };
}

/** Credentials on a call make the client append with the plain call instead of the batch one. */
export const PLAIN_APPEND = { credentials: { username: 'admin', password: 'changeit' } };

export interface ServerUnderTest {
  readonly client: EventStoreDBClient;
  readonly url: string;
  stop(): Promise<void>;
}

/** The server named by EVENTSTOREDB_URL, or an embedded one in a directory of its own. */
export async function serverUnderTest(): Promise<ServerUnderTest> {
  if (externalUrl !== '') return connect(externalUrl, () => Promise.resolve());
  const dataDir = await mkdtemp(join(tmpdir(), 'event-store-'));
  const server = await startEmbeddedEventStore({ dataDir, port: 0 });
  return connect(server.url, async () => {
    await server.close();
    await rm(dataDir, { recursive: true });
  });
}

function connect(url: string, stopServer: () => Promise<void>): ServerUnderTest {
  const client = EventStoreDBClient.connectionString(url);
  return {
    client,
    url,
    stop: async () => {
      await client.dispose();
      await stopServer();
    },
  };
}

/** Resolves once `isTrue` is, looked at each time the event loop turns. */
export async function until(isTrue: () => boolean, withinMs = 20_000): Promise<void> {
  const untilMs = Date.now() + withinMs;
  while (!isTrue()) {
    if (Date.now() > untilMs) throw new Error('It has not come true in time.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export function uniqueStream(prefix = 'test'): string {
  return `${prefix}-${randomUUID()}`;
}

export function numbered(n: number, type = 'Counted'): EventData {
  return jsonEvent({ type, data: { n } });
}

export function numberedFrom(first: number, count: number): EventData[] {
  return Array.from({ length: count }, (_, index) => numbered(first + index));
}

interface Recorded {
  readonly event?: { readonly streamId: string; readonly revision: bigint; readonly data: unknown };
}

export async function collect<Entry>(
  source: AsyncIterable<Entry>,
  count = Infinity,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of source) {
    entries.push(entry);
    if (entries.length >= count) break;
  }
  return entries;
}

export function numbersOf(entries: readonly Recorded[]): unknown[] {
  return entries.map(({ event }) => (event?.data as { n?: number } | undefined)?.n);
}

export function revisionsOf(entries: readonly Recorded[]): (bigint | undefined)[] {
  return entries.map(({ event }) => event?.revision);
}
