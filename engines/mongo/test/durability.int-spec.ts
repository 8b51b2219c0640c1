import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { startEmbeddedMongo } from '../src/index.js';
import { endServerProcesses, startServerProcess } from './server-process.js';
import { describeUnlessExternalServer, type Doc } from './server-under-test.js';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'mongo-durability-'));
});

afterEach(async () => {
  await endServerProcesses();
  await rm(dataDir, { recursive: true });
});

const connect = (url: string): MongoClient =>
  new MongoClient(url, { serverSelectionTimeoutMS: 1_000, retryWrites: false });

describeUnlessExternalServer('after a restart', () => {
  it('documents, indexes and counts are there, and uniqueness still holds', async () => {
    const first = await startEmbeddedMongo({ dataDir, port: 0 });
    const before = connect(first.url);
    const collection = before.db('d').collection<Doc>('c');
    await collection.createIndex(
      { u: 1 },
      { unique: true, partialFilterExpression: { u: { $gte: '' } } },
      {},
    );
    await collection.createIndex({ pair: 1 });
    await collection.insertMany(
      Array.from({ length: 300 }, (_, n) => ({ _id: n, u: `u${n}`, pair: n >> 1 })),
    );
    await collection.deleteOne({ _id: 7 });
    await before.close();
    await first.close();
    const second = await startEmbeddedMongo({ dataDir, port: 0 });
    const after = connect(second.url);
    const again = after.db('d').collection<Doc>('c');
    expect(await again.estimatedDocumentCount()).toBe(299);
    expect(await again.countDocuments({ pair: 10 })).toBe(2);
    expect(await again.countDocuments({ pair: { $gte: 3, $lte: 4 } })).toBe(3);
    expect((await again.listIndexes().toArray()).map(({ name }) => name as string)).toEqual([
      '_id_',
      'u_1',
      'pair_1',
    ]);
    await expect(again.insertOne({ u: 'u1' })).rejects.toMatchObject({ code: 11000 });
    await after.close();
    await second.close();
  });

  it('a repeated write is still known', async () => {
    const first = await startEmbeddedMongo({ dataDir, port: 0 });
    const before = connect(first.url);
    await before.db('d').collection<Doc>('c').insertOne({ _id: 1, n: 0 });
    const session = before.startSession();
    const command = {
      update: 'c',
      updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }],
      txnNumber: 9n,
    };
    await before.db('d').command({ ...command }, { session });
    const serverSession = session.id;
    await first.close();
    const second = await startEmbeddedMongo({ dataDir, port: first.port });
    expect(await before.db('d').collection<Doc>('c').findOne()).toEqual({ _id: 1, n: 1 });
    await before.db('d').command({ ...command }, { session });
    expect(session.id).toEqual(serverSession);
    expect(await before.db('d').collection<Doc>('c').findOne()).toEqual({ _id: 1, n: 1 });
    await session.endSession();
    await before.close();
    await second.close();
  });
});

describeUnlessExternalServer('after kill -9', () => {
  it('every acknowledged write is there and no transaction is there in part', async () => {
    const server = await startServerProcess(dataDir);
    const client = connect(server.url);
    const collection = client.db('d').collection<Doc>('c');
    await collection.createIndex({ pair: 1 });
    const acknowledged: number[] = [];
    const writer = async (offset: number): Promise<void> => {
      for (let n = offset; ; n += 4) {
        await client.withSession((session) =>
          session.withTransaction(async () => {
            await collection.insertMany(
              [
                { _id: `${n}-a`, pair: n },
                { _id: `${n}-b`, pair: n },
              ],
              { session },
            );
          }),
        );
        acknowledged.push(n);
        if (acknowledged.length === 40) await server.end('SIGKILL');
      }
    };
    await Promise.allSettled([0, 1, 2, 3].map(writer));
    await client.close();

    const restarted = await startServerProcess(dataDir);
    const after = connect(restarted.url);
    const found = after.db('d').collection<Doc>('c');
    for (const n of acknowledged)
      expect([n, await found.countDocuments({ pair: n })]).toEqual([n, 2]);
    const halves = await found
      .aggregate([{ $group: { _id: '$pair', n: { $sum: 1 } } }, { $match: { n: { $ne: 2 } } }])
      .toArray();
    expect(halves).toEqual([]);
    expect(await found.estimatedDocumentCount()).toBe((await found.find().toArray()).length);
    await after.close();
    await restarted.end('SIGTERM');
  }, 30_000);
});
