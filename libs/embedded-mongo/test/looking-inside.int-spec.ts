import { BSON } from 'mongodb';
import { serverUnderTest, type Doc, type ServerUnderTest } from './server-under-test.js';

let server: ServerUnderTest;

beforeAll(async () => {
  server = await serverUnderTest();
});

afterAll(async () => {
  await server.stop();
});

const documents = Array.from({ length: 100 }, (_, n) => ({ _id: n, k: `key-${n}`, l: [n, n + 1] }));
const bytesOf = (list: readonly Doc[]): number =>
  list.reduce((sum, document) => sum + BSON.calculateObjectSize(document), 0);

describe('sizes', () => {
  it('are those of what is stored, through inserts, updates and deletes', async () => {
    const db = server.client.db(`${server.db.databaseName}-sizes`);
    const collection = db.collection<Doc>('c');
    await collection.createIndex({ k: 1 });
    await collection.insertMany(documents);
    const stats = await db.command({ collStats: 'c' });
    expect(stats).toMatchObject({ ns: collection.namespace, count: 100, nindexes: 2 });
    expect(stats.size).toBe(bytesOf(documents));
    expect(stats.avgObjSize).toBe(Math.floor(bytesOf(documents) / 100));
    expect(stats.indexSizes).toMatchObject({ k_1: expect.any(Number) as number });
    expect(stats.totalIndexSize).toBeGreaterThan(0);
    await collection.updateOne({ _id: 1 }, { $set: { k: 'longer than it was' } });
    await collection.deleteMany({ _id: { $gte: 50 } });
    const left = await collection.find().toArray();
    const [after] = await collection
      .aggregate([{ $collStats: { storageStats: {}, count: {} } }])
      .toArray();
    expect(after).toMatchObject({ count: 50, storageStats: { count: 50, size: bytesOf(left) } });
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
    const empty = await db.command({ collStats: 'c' });
    expect(empty).toMatchObject({ count: 0, size: 0, avgObjSize: 0 });
    await db.dropDatabase();
  });

  it('count what a transaction has written once it is committed', async () => {
    const collection = server.collection();
    await collection.insertOne({ _id: 1 });
    const sizeOf = async (): Promise<unknown> =>
      (await server.db.command({ collStats: collection.collectionName })).size as unknown;
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
  it('is shown by currentOp, as a command and as a stage', async () => {
    const admin = server.client.db('admin');
    const answer = await admin.command({ currentOp: 1 });
    expect(answer.inprog).toEqual([
      expect.objectContaining({ op: 'command', ns: 'admin.$cmd', active: true }),
    ]);
    const running = await admin.aggregate([{ $currentOp: { allUsers: true } }]).toArray();
    expect(running).toHaveLength(1);
    expect(running[0]).toMatchObject({ command: { aggregate: 1 } });
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
    { hostInfo: 1 },
    { serverStatus: 1 },
    { replSetGetStatus: 1 },
  ];
  for (const command of commands) expect(await admin.command(command)).toMatchObject({ ok: 1 });
});
