import { EventStoreDBClient, jsonEvent, type EventData } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedEventStore } from '../src/index.js';

const externalUrl = process.env['EVENTSTOREDB_URL'] ?? '';

/** For tests that kill or restart the server, which an external one is spared. */
export const describeUnlessExternalServer = externalUrl === '' ? describe : describe.skip;

/** For what the real server serves and the embedded one refuses. */
export const itUnlessExternalServer = externalUrl === '' ? it : it.skip;

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
