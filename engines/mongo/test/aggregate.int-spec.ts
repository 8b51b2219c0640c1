import type { Collection } from 'mongodb';
import { useServer, type Doc } from './server-under-test.js';

const server = useServer();
let sales: Collection<Doc>;
let items: Collection<Doc>;

beforeAll(async () => {
  sales = server.collection();
  items = server.collection();
  await sales.insertMany([
    {
      _id: 1,
      item: 'a',
      qty: 2,
      price: 1.5,
      tags: ['x', 'y'],
      at: new Date('2026-01-01T10:20:30Z'),
    },
    { _id: 2, item: 'b', qty: 1, price: 4, tags: [], at: new Date('2026-01-01T11:00:00Z') },
    { _id: 3, item: 'a', qty: 5, price: 2, at: new Date('2026-01-02T00:00:00Z') },
  ]);
  await items.insertMany([
    { _id: 'a', label: 'Apple' },
    { _id: 'c', label: 'Cherry' },
  ]);
});

const run = (...pipeline: Doc[]): Promise<Doc[]> => sales.aggregate<Doc>(pipeline).toArray();

describe('stages', () => {
  it('$match, $sort, $skip and $limit', async () => {
    const found = await run(
      { $match: { qty: { $gt: 0 } } },
      { $sort: { qty: -1 } },
      { $skip: 1 },
      { $limit: 1 },
    );
    expect(found.map(({ _id }) => _id)).toEqual([1]);
  });

  it('$group with its accumulators', async () => {
    const grouped = await run(
      { $sort: { _id: 1 } },
      {
        $group: {
          _id: '$item',
          n: { $sum: 1 },
          total: { $sum: '$price' },
          mean: { $avg: '$qty' },
          low: { $min: '$qty' },
          high: { $max: '$at' },
          counted: { $count: {} },
        },
      },
      { $sort: { _id: 1 } },
    );
    expect(grouped).toEqual([
      {
        _id: 'a',
        n: 2,
        total: 3.5,
        mean: 3.5,
        low: 2,
        high: new Date('2026-01-02T00:00:00Z'),
        counted: 2,
      },
      {
        _id: 'b',
        n: 1,
        total: 4,
        mean: 1,
        low: 1,
        high: new Date('2026-01-01T11:00:00Z'),
        counted: 1,
      },
    ]);
  });

  it('$group by a compound key and by nothing', async () => {
    const grouped = await run(
      { $group: { _id: { item: '$item', tags: '$tags' }, n: { $sum: 1 } } },
      { $sort: { '_id.item': 1, _id: 1 } },
    );
    expect(grouped).toEqual([
      { _id: { item: 'a' }, n: 1 },
      { _id: { item: 'a', tags: ['x', 'y'] }, n: 1 },
      { _id: { item: 'b', tags: [] }, n: 1 },
    ]);
    expect(await run({ $group: { _id: null, qty: { $sum: '$qty' } } })).toEqual([
      { _id: null, qty: 8 },
    ]);
  });

  it('$project, by inclusion and exclusion', async () => {
    const one = { $match: { _id: 1 } };
    expect(await run(one, { $project: { item: 1, price: 1 } })).toEqual([
      { _id: 1, item: 'a', price: 1.5 },
    ]);
    expect(await run(one, { $project: { tags: 0, at: 0, price: 0 } })).toEqual([
      { _id: 1, item: 'a', qty: 2 },
    ]);
  });

  it('$unwind, with and without empty arrays', async () => {
    const unwound = await run({ $unwind: '$tags' }, { $project: { tags: 1 } });
    expect(unwound).toEqual([
      { _id: 1, tags: 'x' },
      { _id: 1, tags: 'y' },
    ]);
    const kept = await run(
      { $unwind: { path: '$tags', preserveNullAndEmptyArrays: true } },
      { $project: { tags: 1 } },
    );
    expect(kept).toEqual([{ _id: 1, tags: 'x' }, { _id: 1, tags: 'y' }, { _id: 2 }, { _id: 3 }]);
  });

  it('$lookup by fields, and by a pipeline with a variable', async () => {
    const joined = await run(
      {
        $lookup: {
          from: items.collectionName,
          localField: 'item',
          foreignField: '_id',
          as: 'found',
        },
      },
      { $sort: { _id: 1 } },
      { $project: { found: 1 } },
    );
    expect(joined).toEqual([
      { _id: 1, found: [{ _id: 'a', label: 'Apple' }] },
      { _id: 2, found: [] },
      { _id: 3, found: [{ _id: 'a', label: 'Apple' }] },
    ]);
    const pipeline = [{ $match: { $expr: { $eq: ['$_id', '$$wanted'] } } }, { $limit: 1 }];
    const byPipeline = await run(
      { $match: { _id: 1 } },
      { $lookup: { from: items.collectionName, let: { wanted: '$item' }, pipeline, as: 'found' } },
      { $unwind: { path: '$found', preserveNullAndEmptyArrays: true } },
      { $project: { found: 1 } },
    );
    expect(byPipeline).toEqual([{ _id: 1, found: { _id: 'a', label: 'Apple' } }]);
  });

  it('$lookup by a variable compares arrays and missing fields as a whole', async () => {
    const [left, right] = [server.collection(), server.collection()];
    await left.insertMany([
      { _id: 1, k: [1, 2] },
      { _id: 2, k: 1 },
      { _id: 3 },
      { _id: 4, k: null },
    ]);
    await right.insertMany([
      { _id: 1, f: [1, 2] },
      { _id: 2, f: 1 },
      { _id: 3 },
      { _id: 4, f: null },
    ]);
    const pipeline = [{ $match: { $expr: { $eq: ['$f', '$$v'] } } }];
    const joined = await left
      .aggregate([
        { $lookup: { from: right.collectionName, let: { v: '$k' }, pipeline, as: 'found' } },
        { $sort: { _id: 1 } },
      ])
      .toArray();
    expect(joined.map(({ found }) => (found as Doc[]).map(({ _id }) => _id))).toEqual([
      [1],
      [2],
      [3],
      [4],
    ]);
  });

  it('$count', async () => {
    expect(await run({ $match: { qty: { $gt: 1 } } }, { $count: 'n' })).toEqual([{ n: 2 }]);
    expect(await run({ $match: { item: 'none' } }, { $count: 'n' })).toEqual([]);
  });

  it('hands out long results in batches', async () => {
    const collection = server.collection();
    await collection.insertMany(Array.from({ length: 500 }, (_, n) => ({ _id: n })));
    const cursor = collection.aggregate([{ $project: { _id: 1 } }], { batchSize: 30 });
    expect(await cursor.toArray()).toHaveLength(500);
  });
});
