import { BSON } from 'mongodb';
import { useServer, type Doc } from './server-under-test.js';

const server = useServer();

const documents = Array.from({ length: 100 }, (_, n) => ({ _id: n, k: `key-${n}`, l: [n, n + 1] }));
const bytesOf = (list: readonly Doc[]): number =>
  list.reduce((sum, document) => sum + BSON.calculateObjectSize(document), 0);

describe('sizes', () => {
  it('are those of what is stored, through inserts, updates and deletes', async () => {
    const db = server.client.db(`${server.db.databaseName}-sizes`);
    const collection = db.collection<Doc>('c');
    await collection.createIndex({ k: 1 });
    await collection.insertMany(documents);
    const statsOf = async (): Promise<Doc> => {
      const [answer] = await collection
        .aggregate<Doc>([{ $collStats: { storageStats: { scale: 1 }, count: {} } }])
        .toArray();
      expect(answer).toMatchObject({ ns: collection.namespace });
      return answer?.storageStats as Doc;
    };
    const stats = await statsOf();
    expect(stats).toMatchObject({ count: 100, nindexes: 2 });
    expect(stats.size).toBe(bytesOf(documents));
    expect(stats.avgObjSize).toBe(Math.floor(bytesOf(documents) / 100));
    expect(stats.indexSizes).toMatchObject({ k_1: expect.any(Number) as number });
    expect(stats.totalIndexSize).toBeGreaterThan(0);
    await collection.updateOne({ _id: 1 }, { $set: { k: 'longer than it was' } });
    await collection.deleteMany({ _id: { $gte: 50 } });
    const left = await collection.find().toArray();
    expect(await statsOf()).toMatchObject({ count: 50, size: bytesOf(left) });
    const database = await db.stats();
    expect(database).toMatchObject({
      db: db.databaseName,
      collections: 1,
      objects: 50,
      indexes: 2,
    });
    expect(database.dataSize).toBe(bytesOf(left));
    const { databases } = await server.client.db('admin').admin().listDatabases();
    const own = databases.find(({ name }) => name === db.databaseName);
    expect(own?.sizeOnDisk).toBeGreaterThanOrEqual(bytesOf(left));
    await collection.deleteMany({});
    expect(await statsOf()).toMatchObject({ count: 0, size: 0, avgObjSize: 0 });
    await db.dropDatabase();
  });

  it('count what a transaction has written once it is committed', async () => {
    const collection = server.collection();
    await collection.insertOne({ _id: 1 });
    const sizeOf = async (): Promise<unknown> => {
      const [answer] = await collection.aggregate([{ $collStats: { storageStats: {} } }]).toArray();
      return (answer?.storageStats as Doc).size;
    };
    const before = await sizeOf();
    await server.client.withSession(async (session) => {
      session.startTransaction();
      await collection.insertMany(documents.slice(2), { session });
      expect(await sizeOf()).toBe(before);
      await session.commitTransaction();
    });
    expect(await sizeOf()).toBe(bytesOf([{ _id: 1 }, ...documents.slice(2)]));
  });
});

describe('what is at work', () => {
  it('is shown by $currentOp', async () => {
    const admin = server.client.db('admin');
    const running = await admin.aggregate([{ $currentOp: { allUsers: true } }]).toArray();
    expect(running).toHaveLength(1);
    expect(running[0]).toMatchObject({ active: true, command: { aggregate: 1 } });
  });
});

it('a shell finds what it asks for at its start', async () => {
  const admin = server.client.db('admin');
  const commands: Doc[] = [
    { buildInfo: 1 },
    { getParameter: 1, featureCompatibilityVersion: 1 },
    { getLog: 'startupWarnings' },
    { getCmdLineOpts: 1 },
    { connectionStatus: 1, showPrivileges: true },
  ];
  for (const command of commands) expect(await admin.command(command)).toMatchObject({ ok: 1 });
});
