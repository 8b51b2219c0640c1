import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { once } from 'node:events';
import {
  MongoClient,
  MongoExpiredSessionError,
  MongoInvalidArgumentError,
  MongoNetworkError,
  MongoServerError,
} from 'mongodb';
import type { Collection } from 'mongodb';
import { isOutage, isRefusal, ReadModelError } from '../src/errors.js';

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

describe('a refusal of what is written', () => {
  const ofServer = (code: number) => new MongoServerError({ message: 'refused', code });

  it.each([2, 40, 121, 10_334, 11_000, 17_280])('is seen in code %d', (code) => {
    expect(isRefusal(ofServer(code))).toBe(true);
  });

  it('is seen in a document that cannot be made or sent', () => {
    expect(isRefusal(new RangeError('out of range'))).toBe(true);
    expect(isRefusal(new MongoInvalidArgumentError('Document is too large'))).toBe(true);
  });

  it('is not seen in what the server says of itself, nor in what the client does', () => {
    for (const code of [13, 50, 112, 251, 10_107, 14_031]) {
      expect(isRefusal(ofServer(code))).toBe(false);
    }
    const conflict = ofServer(2);
    conflict.addErrorLabel('TransientTransactionError');
    expect(isRefusal(conflict)).toBe(false);
    expect(isRefusal(new MongoNetworkError('gone'))).toBe(false);
    expect(isRefusal(new MongoExpiredSessionError('ended'))).toBe(false);
    expect(isRefusal(new ReadModelError('checkpoint_moved', 'moved'))).toBe(false);
  });
});
