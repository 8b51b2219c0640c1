import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { once } from 'node:events';
import { MongoClient, MongoServerError } from 'mongodb';
import type { Collection } from 'mongodb';
import { isOutage } from '../src/errors.js';

describe('an outage of the document database', () => {
  let cutsOff: Server;
  let client: MongoClient;
  let collection: Collection<{ _id: string }>;
  beforeAll(async () => {
    cutsOff = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(cutsOff, 'listening');
    const { port } = cutsOff.address() as AddressInfo;
    client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
      serverSelectionTimeoutMS: 100,
    });
    collection = client.db('test').collection('things');
  });
  afterAll(async () => {
    await client.close();
    cutsOff.close();
  });

  const failureOf = async (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'no failure',
      (error: unknown) => error,
    );

  it('is told from the error of a read', async () => {
    expect(isOutage(await failureOf(collection.findOne({})))).toBe(true);
  });

  it('is told from the error of a write of one document', async () => {
    expect(isOutage(await failureOf(collection.insertOne({ _id: 'a' })))).toBe(true);
  });

  it('is told from the error of a bulk write, which hides it', async () => {
    const writing = collection.bulkWrite([{ insertOne: { document: { _id: 'a' } } }]);
    const failure = await failureOf(writing);
    expect(failure).toBeInstanceOf(MongoServerError);
    expect(isOutage(failure)).toBe(true);
  });

  it('is told when the server steps down', () => {
    expect(isOutage(new MongoServerError({ message: 'not primary', code: 10_107 }))).toBe(true);
  });

  it('is not seen in a mistake', () => {
    expect(isOutage(new MongoServerError({ message: 'duplicate key', code: 11_000 }))).toBe(false);
    expect(isOutage(new TypeError('network'))).toBe(false);
  });
});
