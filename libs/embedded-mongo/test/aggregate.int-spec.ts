import type { Collection } from 'mongodb';
import { refusal, serverUnderTest, type Doc, type ServerUnderTest } from './server-under-test.js';

let server: ServerUnderTest;
let sales: Collection<Doc>;
let items: Collection<Doc>;

beforeAll(async () => {
  server = await serverUnderTest();
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

afterAll(async () => {
  await server.stop();
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
          total: { $sum: { $multiply: ['$qty', '$price'] } },
          mean: { $avg: '$qty' },
          low: { $min: '$qty' },
          high: { $max: '$at' },
          first: { $first: '$_id' },
          last: { $last: '$_id' },
          all: { $push: '$qty' },
          items: { $addToSet: '$item' },
        },
      },
      { $sort: { _id: 1 } },
    );
    expect(grouped).toEqual([
      {
        _id: 'a',
        n: 2,
        total: 13,
        mean: 3.5,
        low: 2,
        high: new Date('2026-01-02T00:00:00Z'),
        first: 1,
        last: 3,
        all: [2, 5],
        items: ['a'],
      },
      {
        _id: 'b',
        n: 1,
        total: 4,
        mean: 1,
        low: 1,
        high: new Date('2026-01-01T11:00:00Z'),
        first: 2,
        last: 2,
        all: [1],
        items: ['b'],
      },
    ]);
  });

  it('$group by a compound key and by nothing', async () => {
    const day = { $dateToString: { date: '$at', format: '%Y-%m-%d' } };
    const grouped = await run(
      { $group: { _id: { item: '$item', day }, n: { $sum: 1 } } },
      { $sort: { '_id.day': 1, '_id.item': 1 } },
    );
    expect(grouped).toEqual([
      { _id: { item: 'a', day: '2026-01-01' }, n: 1 },
      { _id: { item: 'b', day: '2026-01-01' }, n: 1 },
      { _id: { item: 'a', day: '2026-01-02' }, n: 1 },
    ]);
    expect(await run({ $group: { _id: null, qty: { $sum: '$qty' } } })).toEqual([
      { _id: null, qty: 8 },
    ]);
  });

  it('$project, $addFields, $unset and $replaceRoot', async () => {
    expect(
      await run({ $match: { _id: 1 } }, { $project: { item: 1, sum: { $add: ['$qty', 1] } } }),
    ).toEqual([{ _id: 1, item: 'a', sum: 3 }]);
    const reshaped = await run(
      { $match: { _id: 2 } },
      {
        $addFields: {
          'more.half': { $divide: ['$qty', 2] },
          kind: { $cond: [{ $gt: ['$qty', 1] }, 'many', 'one'] },
        },
      },
      { $unset: ['tags', 'at', 'price'] },
    );
    expect(reshaped).toEqual([{ _id: 2, item: 'b', qty: 1, more: { half: 0.5 }, kind: 'one' }]);
    expect(
      await run({ $match: { _id: 3 } }, { $replaceRoot: { newRoot: { i: '$item' } } }),
    ).toEqual([{ i: 'a' }]);
  });

  it('$unwind, with and without empty arrays', async () => {
    const unwound = await run({ $unwind: '$tags' }, { $project: { tags: 1 } });
    expect(unwound).toEqual([
      { _id: 1, tags: 'x' },
      { _id: 1, tags: 'y' },
    ]);
    const kept = await run(
      { $unwind: { path: '$tags', preserveNullAndEmptyArrays: true, includeArrayIndex: 'i' } },
      { $sort: { _id: 1, i: 1 } },
      { $project: { tags: 1, i: 1 } },
    );
    expect(kept).toEqual([
      { _id: 1, tags: 'x', i: 0 },
      { _id: 1, tags: 'y', i: 1 },
      { _id: 2, i: null },
      { _id: 3, i: null },
    ]);
  });

  it('$lookup by fields, and by a pipeline with variables', async () => {
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
      { $project: { label: '$found.label' } },
    );
    expect(byPipeline).toEqual([{ _id: 1, label: 'Apple' }]);
  });

  it('$facet, $count, $sortByCount and $unionWith', async () => {
    const [facets] = await run({
      $facet: {
        total: [{ $count: 'n' }],
        top: [{ $sort: { qty: -1 } }, { $limit: 1 }, { $project: { qty: 1 } }],
      },
    });
    expect(facets).toEqual({ total: [{ n: 3 }], top: [{ _id: 3, qty: 5 }] });
    expect(await run({ $match: { item: 'none' } }, { $count: 'n' })).toEqual([]);
    expect(await run({ $sortByCount: '$item' })).toEqual([
      { _id: 'a', count: 2 },
      { _id: 'b', count: 1 },
    ]);
    expect(await run({ $unionWith: items.collectionName }, { $count: 'n' })).toEqual([{ n: 5 }]);
  });

  it('hands out long results in batches', async () => {
    const collection = server.collection();
    await collection.insertMany(Array.from({ length: 500 }, (_, n) => ({ _id: n })));
    const cursor = collection.aggregate([{ $addFields: { m: { $mod: ['$_id', 7] } } }], {
      batchSize: 30,
    });
    expect(await cursor.toArray()).toHaveLength(500);
  });
});

describe('expressions', () => {
  it.each<[string, unknown, unknown]>([
    ['$ifNull', { $ifNull: ['$none', 'd'] }, 'd'],
    ['$concat', { $concat: ['$item', '-', { $toString: '$qty' }] }, 'a-2'],
    ['$in', { $in: ['x', '$tags'] }, true],
    ['$size', { $size: '$tags' }, 2],
    ['$filter', { $filter: { input: '$tags', as: 't', cond: { $eq: ['$$t', 'y'] } } }, ['y']],
    ['$map', { $map: { input: '$tags', as: 't', in: { $toUpper: '$$t' } } }, ['X', 'Y']],
    ['$let', { $let: { vars: { d: { $multiply: ['$qty', 2] } }, in: { $add: ['$$d', 1] } } }, 5],
    [
      '$switch',
      { $switch: { branches: [{ case: { $eq: ['$qty', 2] }, then: 'two' }], default: 'no' } },
      'two',
    ],
    ['$dateTrunc', { $dateTrunc: { date: '$at', unit: 'hour' } }, new Date('2026-01-01T10:00:00Z')],
    ['$hour', { $hour: '$at' }, 10],
    ['$literal', { $literal: '$item' }, '$item'],
    ['$arrayElemAt', { $arrayElemAt: ['$tags', -1] }, 'y'],
    ['$subtract of dates', { $subtract: ['$at', new Date('2026-01-01T10:20:00Z')] }, 30_000],
    ['$mergeObjects', { $mergeObjects: [{ a: 1 }, { b: '$qty' }] }, { a: 1, b: 2 }],
    ['$max of values', { $max: ['$qty', '$price'] }, 2],
  ])('%s', async (_, expression, expected) => {
    const [result] = await run({ $match: { _id: 1 } }, { $project: { _id: 0, v: expression } });
    expect(result).toEqual({ v: expected });
  });
});

describe('what does not exist', () => {
  it.each<[string, Doc, number[]]>([
    ['a stage', { $frobnicate: {} }, [40324]],
    ['an expression', { $project: { a: { $frobnicate: 1 } } }, [168, 31325]],
    ['an accumulator', { $group: { _id: null, n: { $frobnicate: 1 } } }, [15952]],
    ['a variable', { $project: { a: { $add: ['$$nope', 1] } } }, [17276]],
  ])('%s is refused', async (_, stage, codes) => {
    expect(codes).toContain((await refusal(run(stage))).code);
  });
});
