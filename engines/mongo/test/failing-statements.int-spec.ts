import type { ClientSession, Collection } from 'mongodb';
import { useServer, type Doc } from './server-under-test.js';

const server = useServer();

/** More than LMDB has places for readers when nobody says otherwise. */
const TIMES = 130;

/** Fails for every text that is tested, in the middle of the scan. */
const ENDLESS = /a*a*a*a*a*b/;

async function filled(): Promise<Collection<Doc>> {
  const collection = server.collection();
  await collection.insertMany([
    { _id: 1, n: 'text', u: 1, k: 1 },
    { _id: 2, n: [1], u: 2, k: 1 },
    { _id: 3, n: 1, u: 2, k: 1 },
    { _id: 4, n: 1, s: `${'a'.repeat(40)}b` },
  ]);
  return collection;
}

type Statement = (collection: Collection<Doc>, session?: ClientSession) => Promise<unknown>;

const cheap: [string, Statement][] = [
  [
    'an aggregation that meets a value it cannot sort by',
    (c) => c.aggregate([{ $sort: { n: 1, u: 1 } }]).toArray(),
  ],
  [
    'a joined aggregation that does',
    (c) => {
      const join = { from: c.collectionName, localField: 'k', foreignField: 'k', as: 'all' };
      return c.aggregate([{ $lookup: join }, { $sort: { all: 1 } }]).toArray();
    },
  ],
  ['an insert of a duplicate', (c) => c.insertOne({ _id: 1 })],
  ['an update that cannot add', (c) => c.updateMany({}, { $inc: { n: 1 } })],
  ['an update of one that cannot add', (c) => c.updateOne({ u: 1 }, { $inc: { n: 1 } })],
  ['a change that cannot add', (c) => c.findOneAndUpdate({ u: 1 }, { $inc: { n: 1 } })],
  ['a unique index over duplicates', (c) => c.createIndex({ u: 1 }, { unique: true }, {})],
  ['a refused stage', (c) => c.aggregate([{ $match: {} }, { $out: 'x' }]).toArray()],
];

describe(`${TIMES} failures leave no reader behind`, () => {
  it.each(cheap)('of %s', async (_, statement) => {
    const collection = await filled();
    for (let time = 0; time < TIMES; time += 1) {
      await expect(statement(collection)).rejects.toThrow();
    }
    expect(await collection.countDocuments({ k: 1 })).toBe(3);
    expect(await collection.drop()).toBe(true);
    expect(await collection.countDocuments()).toBe(0);
  });

  it('of transactions', async () => {
    const collection = await filled();
    for (let time = 0; time < TIMES; time += 1) {
      await server.client.withSession(async (session) => {
        session.startTransaction();
        await collection.find({ k: 1 }, { session, batchSize: 1 }).next();
        await expect(collection.insertOne({ _id: 1 }, { session })).rejects.toThrow();
      });
    }
    expect(await collection.countDocuments({ k: 1 })).toBe(3);
    expect(await collection.drop()).toBe(true);
  });

  it('of patterns that are given up, of each kind of statement', async () => {
    const collection = await filled();
    const all = [
      (): Promise<unknown> => collection.find({ s: ENDLESS }).toArray(),
      () => collection.countDocuments({ s: ENDLESS }),
      () => collection.updateMany({ s: ENDLESS }, { $set: { a: 1 } }),
      () => collection.deleteMany({ s: ENDLESS }),
      () => collection.findOneAndDelete({ s: ENDLESS }),
      () => collection.find({ s: ENDLESS }).explain('executionStats'),
    ];
    for (let time = 0; time < TIMES; time += 1) {
      await expect(all[time % all.length]?.()).rejects.toThrow(/might take too long/);
    }
    expect(await collection.countDocuments({ k: 1 })).toBe(3);
    expect(await collection.drop()).toBe(true);
  });

  it('of cursors that nobody reads to their end', async () => {
    const collection = server.collection();
    await collection.insertMany(Array.from({ length: 10 }, (_, n) => ({ _id: n })));
    for (let time = 0; time < TIMES * 2; time += 1) {
      await collection.find({}, { batchSize: 2 }).next();
      await collection.aggregate([{ $match: {} }], { batchSize: 2 }).next();
    }
    expect(await collection.countDocuments({ _id: { $gt: 3 } })).toBe(6);
    expect(await collection.drop()).toBe(true);
  });
});

it('as many transactions as there may be are open at once', async () => {
  const collection = await filled();
  const sessions = Array.from({ length: 300 }, () => server.client.startSession());
  for (const session of sessions) {
    session.startTransaction();
    await collection.findOne({ _id: 1 }, { session });
  }
  expect(await collection.countDocuments({ k: 1 })).toBe(3);
  for (const session of sessions) await session.endSession();
  expect(await collection.drop()).toBe(true);
});
