import { MongoClient } from 'mongodb';
import { refusal, useServer } from './server-under-test.js';

const server = useServer();

describe('collections', () => {
  it('are created, listed and dropped', async () => {
    const db = server.client.db(`${server.db.databaseName}-ddl`);
    await db.createCollection('one');
    await db.collection('two').insertOne({ a: 1 });
    expect((await refusal(db.createCollection('one'))).code).toBe(48);
    const names = (await db.listCollections().toArray()).map(({ name }) => name).sort();
    expect(names).toEqual(['one', 'two']);
    expect(await db.collection('two').countDocuments()).toBe(1);
    await db.dropCollection('two');
    expect(await db.collection('two').countDocuments()).toBe(0);
    const databases = await db.admin().listDatabases({ nameOnly: true });
    expect(databases.databases.map(({ name }) => name)).toContain(db.databaseName);
    await db.dropDatabase();
    expect(await db.listCollections().toArray()).toEqual([]);
  });

  it('come back empty under the same name', async () => {
    const collection = server.collection();
    await collection.insertMany([{ _id: 1, u: 1 }]);
    await collection.createIndex({ u: 1 }, { unique: true }, {});
    await collection.drop();
    await collection.insertMany([
      { _id: 1, u: 1 },
      { _id: 2, u: 1 },
    ]);
    expect(await collection.find().toArray()).toEqual([
      { _id: 1, u: 1 },
      { _id: 2, u: 1 },
    ]);
  });
});

describe('connections', () => {
  it('tell of a replica set primary', async () => {
    const hello = await server.client.db('admin').command({ hello: 1 });
    expect(hello).toMatchObject({ isWritablePrimary: true, maxWriteBatchSize: 200 });
    expect(hello.setName).toEqual(expect.any(String));
  });

  it('survive the heartbeats of the driver', async () => {
    const client = new MongoClient(server.url, { heartbeatFrequencyMS: 500 });
    const failures: unknown[] = [];
    client.on('serverHeartbeatFailed', ({ failure }) => failures.push(failure));
    client.on('connectionPoolCleared', (event) => failures.push(event));
    const beats = new Promise<void>((resolve) => {
      let count = 0;
      client.on('serverHeartbeatSucceeded', () => {
        if ((count += 1) === 4) resolve();
      });
    });
    await client.connect();
    await beats;
    await client.close();
    expect(failures).toEqual([]);
  });

  it('many at once all get their own answers', async () => {
    const collection = server.collection();
    const clients = Array.from(
      { length: 20 },
      () => new MongoClient(server.url, { maxPoolSize: 5 }),
    );
    const work = clients.map(async (client, c) => {
      const own = client
        .db(server.db.databaseName)
        .collection<{ _id: number }>(collection.collectionName);
      const inserts = Array.from({ length: 25 }, (_, n) => own.insertOne({ _id: c * 100 + n }));
      await Promise.all(inserts);
      const found = await own.findOne({ _id: c * 100 });
      expect(found).toEqual({ _id: c * 100 });
    });
    await Promise.all(work);
    expect(await collection.countDocuments()).toBe(500);
    await Promise.all(clients.map((client) => client.close()));
  });

  it('unacknowledged writes arrive', async () => {
    const client = await new MongoClient(server.url, { maxPoolSize: 1 }).connect();
    const { collectionName } = server.collection();
    const collection = client.db(server.db.databaseName).collection(collectionName);
    await collection.insertOne({ a: 1 }, { writeConcern: { w: 0 } });
    expect(await collection.countDocuments()).toBe(1);
    await client.close();
  });
});
