import { EventStoreDBClient, jsonEvent, NO_STREAM, START } from '@eventstore/db-client';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServerProcess, type ServerProcess } from './contract/server-process.js';
import {
  collect,
  describeUnlessExternalServer,
  numbered,
  numberedFrom,
  numbersOf,
  uniqueStream,
} from './contract/server-under-test.js';

const MIB = 1024 * 1024;

describeUnlessExternalServer('the server as a process (needs one of its own to end)', () => {
  let dataDir: string;
  let server: ServerProcess;
  let client: EventStoreDBClient;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'event-store-'));
    await start();
  });

  afterEach(async () => {
    await client.dispose();
    await server.end('SIGKILL');
    await rm(dataDir, { recursive: true });
  });

  async function start(): Promise<void> {
    server = await startServerProcess(dataDir);
    client = EventStoreDBClient.connectionString(server.url);
  }

  it('has everything after a restart, and goes on with revisions and positions', async () => {
    const stream = uniqueStream();
    const { position } = await client.appendToStream(stream, numberedFrom(0, 3));
    await client.dispose();
    await server.end('SIGTERM');
    await start();
    const after = await client.appendToStream(stream, numbered(3), { expectedRevision: 2n });
    expect(after.position?.commit).toBeGreaterThan(position?.commit ?? 0n);
    expect(numbersOf(await collect(client.readStream(stream)))).toEqual([0, 1, 2, 3]);
  });

  it('recognises a repeat across a restart', async () => {
    const stream = uniqueStream();
    const events = numberedFrom(0, 2);
    const first = await client.appendToStream(stream, events);
    await server.end('SIGKILL');
    await client.dispose();
    await start();
    expect(await client.appendToStream(stream, events)).toEqual(first);
    expect(await collect(client.readStream(stream))).toHaveLength(2);
  });

  it('recognises a repeat of what lies a few thousand events back', async () => {
    const stream = uniqueStream();
    const events = Array.from({ length: 2000 }, (_, n) =>
      jsonEvent({ type: 'Counted', data: { n, text: 'x'.repeat(800) } }),
    );
    const first = await client.appendToStream(stream, events.slice(0, 500));
    for (const from of [500, 1000, 1500]) {
      await client.appendToStream(stream, events.slice(from, from + 500));
    }
    await client.dispose();
    await server.end('SIGTERM');
    await start();
    expect(await client.appendToStream(stream, events.slice(0, 500))).toEqual(first);
    expect(await collect(client.readStream(stream))).toHaveLength(2000);
  });

  it('has every acknowledged event exactly once after being killed under load', async () => {
    const acknowledged: number[] = [];
    for (let round = 0; round < 3; round++) {
      const writers = Array.from({ length: 4 }, (_, writer) =>
        appendUntilCutOff(round * 4 + writer, acknowledged),
      );
      const enough = acknowledged.length + 200;
      while (acknowledged.length < enough) await new Promise(setImmediate);
      await server.end('SIGKILL');
      await Promise.all(writers);
      await client.dispose();
      await start();
    }
    const entries = await collect(client.readAll({ fromPosition: START }));
    const stored = numbersOf(entries.filter(({ event }) => event?.type === 'Counted'));
    expect(new Set(stored).size).toBe(stored.length);
    expect(new Set(stored)).toEqual(new Set([...stored, ...acknowledged]));
  }, 30_000);

  async function appendUntilCutOff(writer: number, acknowledged: number[]): Promise<void> {
    const stream = uniqueStream(`writer-${writer}`);
    for (let n = writer * 1_000_000; ; n++) {
      try {
        await client.appendToStream(stream, numbered(n));
      } catch {
        return;
      }
      acknowledged.push(n);
    }
  }

  it('ends open subscriptions when it is closed', async () => {
    const subscription = client.subscribeToAll();
    const ended = expect(collect(subscription)).rejects.toThrow(/UNAVAILABLE/);
    await once(subscription, 'confirmation');
    await server.end('SIGTERM');
    await ended;
  });

  it('keeps its memory small while a subscriber does not read', async () => {
    const stream = uniqueStream('large');
    const large = () => jsonEvent({ type: 'Large', data: { text: 'x'.repeat(900 * 1024) } });
    for (let n = 0; n < 100; n++) await client.appendToStream(stream, large());
    const before = await server.ownMemoryBytes();
    const subscription = client.subscribeToStream(stream);
    await once(subscription, 'readable');
    const others = EventStoreDBClient.connectionString(server.url);
    for (let n = 0; n < 200; n++) {
      await others.appendToStream(uniqueStream(), numbered(n), { expectedRevision: NO_STREAM });
    }
    expect((await server.ownMemoryBytes()) - before).toBeLessThan(45 * MIB);
    await others.dispose();
    await subscription.unsubscribe();
  }, 30_000);
});
