import { setTimeout } from 'node:timers/promises';
import { ids, refusal, useServer } from './server-under-test.js';

const server = useServer();

describe('insert', () => {
  it('keeps what was inserted, with an _id made up where none was given', async () => {
    const collection = server.collection();
    const { insertedId } = await collection.insertOne({ name: 'a' });
    await collection.insertMany([{ _id: 1, name: 'b' }, { name: 'c' }]);
    expect(await collection.findOne({ _id: insertedId })).toEqual({ _id: insertedId, name: 'a' });
    expect(await collection.countDocuments()).toBe(3);
    expect(await collection.estimatedDocumentCount()).toBe(3);
  });

  it('stops an ordered batch at the first duplicate and skips it in an unordered one', async () => {
    const batch = [{ _id: 1 }, { _id: 1 }, { _id: 2 }];
    const ordered = server.collection();
    const error = await refusal(ordered.insertMany(batch.map((doc) => ({ ...doc }))));
    expect(error.code).toBe(11000);
    expect(await ordered.countDocuments()).toBe(1);
    const unordered = server.collection();
    await refusal(
      unordered.insertMany(
        batch.map((doc) => ({ ...doc })),
        { ordered: false },
      ),
    );
    expect(ids(await unordered.find().sort({ _id: 1 }).toArray())).toEqual([1, 2]);
  });
});

describe('find', () => {
  const documents = [
    { _id: 1, n: 5, tags: ['x', 'y'], sub: { a: 1 } },
    { _id: 2, n: 7, tags: ['y'], sub: { a: 2 } },
    { _id: 3, n: null, items: [{ q: 1 }, { q: 5 }] },
    { _id: 4, s: 'Alpha', items: [{ q: 3 }] },
  ];

  it.each([
    ['equality', { n: 5 }, [1]],
    ['equality of a nested field', { 'sub.a': 2 }, [2]],
    ['equality with an element', { tags: 'x' }, [1]],
    ['equality with a whole array', { tags: ['y'] }, [2]],
    ['null or missing', { n: null }, [3, 4]],
    ['$ne', { n: { $ne: 5 } }, [2, 3, 4]],
    ['$gt within its type only', { n: { $gt: 5 } }, [2]],
    ['$lte', { n: { $lte: 7 } }, [1, 2]],
    ['$in', { n: { $in: [7, null] } }, [2, 3, 4]],
    ['$nin', { n: { $nin: [7, null] } }, [1]],
    ['$exists', { s: { $exists: true } }, [4]],
    ['$type', { n: { $type: 'number' } }, [1, 2]],
    ['conditions met by different elements', { 'items.q': { $gt: 4, $lt: 2 } }, [3]],
    ['a position in an array', { 'items.1.q': 5 }, [3]],
    ['$regex', { s: { $regex: '^al', $options: 'i' } }, [4]],
    ['a regular expression', { s: /pha$/ }, [4]],
    ['$not', { n: { $not: { $gt: 5 } } }, [1, 3, 4]],
    ['$or', { $or: [{ n: 5 }, { s: 'Alpha' }] }, [1, 4]],
    ['$nor', { $nor: [{ n: 5 }, { s: 'Alpha' }] }, [2, 3]],
    ['$and', { $and: [{ tags: 'y' }, { n: 7 }] }, [2]],
    ['$expr, the equality of two fields', { $expr: { $eq: ['$n', '$none'] } }, [4]],
    ['$exists of a text, which is true', { s: { $exists: '' } }, [4]],
    ['$exists of a zero', { s: { $exists: 0 } }, [1, 2, 3]],
    ['$type by its number', { n: { $type: [16, 'null'] } }, [1, 2, 3]],
    ['$not with several operators', { n: { $not: { $gte: 5, $lt: 7 } } }, [2, 3, 4]],
  ])('matches by %s', async (_, query, expected) => {
    const collection = server.collection();
    await collection.insertMany(documents.map((doc) => ({ ...doc })));
    expect(ids(await collection.find(query).sort({ _id: 1 }).toArray())).toEqual(expected);
  });

  it('projects by inclusion and exclusion', async () => {
    const collection = server.collection();
    await collection.insertOne({ _id: 1, a: { b: 1, c: 2 }, l: [{ x: 1, y: 2 }, { x: 3 }], n: 2 });
    const project = (projection: object) => collection.findOne({}, { projection });
    expect(await project({ 'a.b': 1 })).toEqual({ _id: 1, a: { b: 1 } });
    expect(await project({ 'l.x': 1, _id: 0 })).toEqual({ l: [{ x: 1 }, { x: 3 }] });
    expect(await project({ a: 0, 'l.x': 0 })).toEqual({ _id: 1, l: [{ y: 2 }, {}], n: 2 });
  });

  it('pages with sort, skip and limit, and goes through cursors of any batch size', async () => {
    const collection = server.collection();
    await collection.insertMany(
      Array.from({ length: 250 }, (_, n) => ({ _id: n, r: (n * 7) % 250 })),
    );
    const page = await collection.find().sort({ r: -1 }).skip(10).limit(3).toArray();
    expect(page.map(({ r }) => r as number)).toEqual([239, 238, 237]);
    expect(await collection.find().batchSize(7).toArray()).toHaveLength(250);
    expect(await collection.find().limit(120).batchSize(50).toArray()).toHaveLength(120);
    const cursor = collection.find().batchSize(5);
    await cursor.next();
    await cursor.close();
  });

  it('does not count the time its client takes against maxTimeMS', async () => {
    const collection = server.collection();
    await collection.insertMany(Array.from({ length: 3_000 }, (_, n) => ({ _id: n })));
    const cursor = collection.find({}, { maxTimeMS: 1_000, batchSize: 10 });
    await cursor.next();
    await setTimeout(1_100);
    expect(await cursor.toArray()).toHaveLength(2_999);
  });

  it('refuses a cursor it does not know', async () => {
    const error = await refusal(server.db.command({ getMore: 42n, collection: 'none' }));
    expect(error.code).toBe(43);
  });
});

describe('delete and findOneAnd…', () => {
  it('deletes one, many, and hands out what it deleted', async () => {
    const collection = server.collection();
    await collection.insertMany([
      { _id: 1, g: 1 },
      { _id: 2, g: 1 },
      { _id: 3, g: 2 },
      { _id: 4, g: 2 },
    ]);
    expect((await collection.deleteOne({ g: 1 })).deletedCount).toBe(1);
    expect((await collection.deleteMany({ g: 2 })).deletedCount).toBe(2);
    expect(await collection.findOneAndDelete({ g: 1 })).toEqual({ _id: 2, g: 1 });
    expect(await collection.estimatedDocumentCount()).toBe(0);
  });

  it('finds and updates, showing the document before or after, or the upserted one', async () => {
    const collection = server.collection();
    await collection.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
    ]);
    const inc = { $inc: { n: 10 } };
    expect(await collection.findOneAndUpdate({ _id: 1 }, inc)).toEqual({ _id: 1, n: 1 });
    expect(await collection.findOneAndUpdate({ n: 2 }, inc, { returnDocument: 'after' })).toEqual({
      _id: 2,
      n: 12,
    });
    expect(await collection.findOneAndUpdate({ _id: 3 }, inc)).toBeNull();
    const options = { upsert: true, returnDocument: 'after' } as const;
    expect(await collection.findOneAndUpdate({ _id: 3 }, inc, options)).toEqual({ _id: 3, n: 10 });
    expect(
      await collection.findOneAndReplace({ _id: 3 }, { z: 1 }, { returnDocument: 'after' }),
    ).toEqual({ _id: 3, z: 1 });
  });
});

describe('bulk writes', () => {
  it('applies mixed operations and reports each kind', async () => {
    const collection = server.collection();
    const result = await collection.bulkWrite([
      { insertOne: { document: { _id: 1, n: 1 } } },
      { updateOne: { filter: { _id: 1 }, update: { $inc: { n: 1 } } } },
      { updateOne: { filter: { _id: 2 }, update: { $set: { n: 9 } }, upsert: true } },
      { replaceOne: { filter: { _id: 2 }, replacement: { n: 10 } } },
      { deleteOne: { filter: { _id: 1 } } },
    ]);
    expect(result).toMatchObject({
      insertedCount: 1,
      modifiedCount: 2,
      upsertedCount: 1,
      deletedCount: 1,
    });
    expect(await collection.find().toArray()).toEqual([{ _id: 2, n: 10 }]);
  });

  it('goes on after a failure only when unordered', async () => {
    const operations = [
      { insertOne: { document: { _id: 1 } } },
      { insertOne: { document: { _id: 1 } } },
      { updateOne: { filter: { _id: 1 }, update: { $set: { done: true } } } },
    ];
    const collection = server.collection();
    await refusal(collection.bulkWrite(operations, { ordered: true }));
    expect(await collection.findOne()).toEqual({ _id: 1 });
    await refusal(collection.bulkWrite(operations, { ordered: false }));
    expect(await collection.findOne()).toEqual({ _id: 1, done: true });
  });
});
