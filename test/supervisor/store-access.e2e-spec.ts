import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { jest } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killAll, Program } from './program.js';

jest.setTimeout(60_000);

interface StoreUrls {
  readonly EVENTSTOREDB_URL: string;
  readonly MONGODB_URL: string;
}

let dir: string;
let dataDir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keytrail-access-'));
  dataDir = join(dir, 'data');
});

afterEach(async () => {
  await killAll();
  await rm(dir, { recursive: true, force: true });
});

const stores = (env: Readonly<Record<string, string>> = {}): Program =>
  new Program('stores', { DATA_DIR: dataDir, EVENTSTOREDB_PORT: '0', MONGODB_PORT: '0', ...env });

const areReady = (program: Program): Promise<unknown> => program.line(/^Keytrail stores are ready/);

const note = async (): Promise<StoreUrls> =>
  JSON.parse(await readFile(join(dataDir, 'stores.json'), 'utf8')) as StoreUrls;

const passwordIn = (url: string): string => /:([0-9A-Za-z]+)@/.exec(url)?.[1] ?? '';

/** What the event store says to an append, a read, a subscription and a deletion, as gRPC's codes. */
async function codesOfEventStore(url: string): Promise<unknown[]> {
  const client = EventStoreDBClient.connectionString(url);
  const readAll = async (): Promise<void> => {
    for await (const entry of client.readStream('stream')) expect(entry.event).toBeDefined();
  };
  const subscribe = async (): Promise<void> => {
    const subscription = client.subscribeToAll();
    await once(subscription, 'confirmation');
    await subscription.unsubscribe();
  };
  const calls = [
    () => client.appendToStream('stream', jsonEvent({ type: 'Written', data: {} })),
    readAll,
    subscribe,
    () => client.deleteStream('stream'),
  ];
  try {
    const codes = [];
    for (const call of calls) codes.push(await codeOf(call()));
    return codes;
  } finally {
    await client.dispose();
  }
}

async function codeOfDocumentStore(url: string): Promise<unknown> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 10_000 });
  try {
    return await codeOf(client.db('keytrail').collection('session').findOne());
  } finally {
    await client.close();
  }
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'answered',
    (error: unknown) => (error as { code?: unknown }).code,
  );

describe('the embedded stores', () => {
  it('serve who has the connection strings, and no other user of the machine', async () => {
    await areReady(stores());
    const { EVENTSTOREDB_URL: events, MONGODB_URL: documents } = await note();
    expect(await codesOfEventStore(events)).toEqual(Array(4).fill('answered'));
    expect(await codeOfDocumentStore(documents)).toBe('answered');

    const without = (url: string): string => url.replace(/keytrail:\w+@/, '');
    const wrong = (url: string): string => url.replace(/keytrail:\w+@/, 'keytrail:wrong@');
    expect(await codesOfEventStore(without(events))).toEqual([7, 7, 7, 7]);
    expect(await codesOfEventStore(wrong(events))).toEqual([16, 16, 16, 16]);
    expect(await codeOfDocumentStore(without(documents).replace(/&authSource=\w+/, ''))).toBe(13);
    expect(await codeOfDocumentStore(wrong(documents))).toBe(18);
  });

  it('draw another password at each start, keep their certificate, and tell neither', async () => {
    const passwords: string[] = [];
    const certificates: string[] = [];
    for (const start of [1, 2]) {
      const program = stores();
      await areReady(program);
      await program.line(/MONGODB_URL/);
      const urls = await note();
      const password = passwordIn(urls.MONGODB_URL);
      expect([start, password.length, passwordIn(urls.EVENTSTOREDB_URL)]).toEqual([
        ...[start, 48],
        password,
      ]);
      passwords.push(password);
      certificates.push(await readFile(join(dataDir, 'eventstore.crt'), 'utf8'));
      expect(await program.stop()).toBe(0);
      expect(program.lines.join('\n')).not.toContain(password);
    }
    expect(new Set(passwords).size).toBe(2);
    expect(new Set(certificates).size).toBe(1);
  });

  it('make the certificate anew when it was cut off', async () => {
    const first = stores();
    await areReady(first);
    expect(await first.stop()).toBe(0);
    await writeFile(join(dataDir, 'eventstore.crt'), '-----BEGIN CERTIFICATE-----\nMIIB');
    await areReady(stores());
    expect(await codesOfEventStore((await note()).EVENTSTOREDB_URL)).toEqual(
      Array(4).fill('answered'),
    );
  });

  it('are for their owner only, also where everything was there before and open to all', async () => {
    const first = stores();
    await areReady(first);
    await first.stop('SIGKILL');
    const everything = (await readdir(dataDir, { recursive: true })).map((name) =>
      join(dataDir, name),
    );
    for (const path of [dataDir, ...everything]) await chmod(path, 0o777);
    await areReady(stores());
    const modes = await Promise.all(
      ['', 'eventstore', 'mongo', 'eventstore/data.mdb', 'mongo/lock.mdb', 'stores.json'].map(
        async (name) => ((await stat(join(dataDir, name))).mode & 0o777).toString(8),
      ),
    );
    expect(modes).toEqual(['700', '700', '700', '600', '600', '600']);
  });

  it('take no directory that is for everybody', async () => {
    await mkdir(dataDir);
    await chmod(dataDir, 0o1777);
    const program = stores();
    expect(await program.ended).toBe(1);
    expect(program.lines).toEqual([
      `Keytrail cannot start: DATA_DIR ${dataDir} cannot be used: it is for all users of this machine; name a directory in it.`,
    ]);
    expect((await stat(dataDir)).mode & 0o7777).toBe(0o1777);
  });
});

describe('npm start', () => {
  it('goes on when its stores were killed, and no part tells their password', async () => {
    const program = new Program('supervisor', { DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'trace' });
    const url = await program.ready();
    const password = passwordIn((await note()).MONGODB_URL);
    process.kill(program.pidOf('stores'), 'SIGKILL');
    await program.line(/"name":"stores".*part is ready again/);
    const isReady = async (): Promise<boolean> => (await fetch(`${url}/healthz/ready`)).ok;
    while (!(await isReady()));
    expect(passwordIn((await note()).MONGODB_URL)).toBe(password);
    expect(await program.stop()).toBe(0);
    expect(program.lines.join('\n')).not.toContain(password);
  });
});
