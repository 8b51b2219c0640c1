import { Double, Int32, Long, type Collection } from 'mongodb';
import { refusal, useServer, type Doc } from './server-under-test.js';

const server = useServer();

async function updated(before: Doc, update: Doc, options: object = {}): Promise<unknown> {
  const collection = server.collection();
  await collection.insertOne({ _id: 1, ...before });
  await collection.updateOne({ _id: 1 }, update, options);
  const after = await collection.findOne({}, { projection: { _id: 0 } });
  return after;
}

describe('update operators', () => {
  it.each<[string, Doc, Doc, Doc]>([
    ['$set', { a: 1 }, { $set: { b: 2, 'c.d': 3 } }, { a: 1, b: 2, c: { d: 3 } }],
    ['$unset', { a: 1, b: { c: 1, d: 2 } }, { $unset: { a: '', 'b.c': '' } }, { b: { d: 2 } }],
    ['$inc', { n: 1 }, { $inc: { n: 2, m: -1 } }, { n: 3, m: -1 }],
    ['$min', { a: 5, b: 5 }, { $min: { a: 3, b: 7, c: 1 } }, { a: 3, b: 5, c: 1 }],
    ['$max', { a: 'b', b: 'b' }, { $max: { a: 'a', b: 'c' } }, { a: 'b', b: 'c' }],
    ['$setOnInsert on a match', { a: 1 }, { $setOnInsert: { b: 1 } }, { a: 1 }],
  ])('%s', async (_, before, update, after) => {
    expect(await updated(before, update)).toEqual(after);
  });

  it('a statement that fails spares those before it in its bulk', async () => {
    const collection = server.collection();
    await collection.insertOne({ _id: 1, a: 'text' });
    const bulk = collection.bulkWrite([
      { updateOne: { filter: { _id: 1 }, update: { $set: { ok: true } } } },
      { updateOne: { filter: { _id: 1 }, update: { $inc: { a: 1 } } } },
    ]);
    const error = await refusal(bulk);
    expect(error).toMatchObject({ writeErrors: [{ index: 1 }] });
    expect(await collection.findOne()).toEqual({ _id: 1, a: 'text', ok: true });
  });

  it('$inc keeps the number types the server would', async () => {
    const collection = server.collection();
    await collection.insertOne({
      _id: 1,
      i: new Int32(2147483647),
      l: Long.fromNumber(1),
      d: new Double(1),
    });
    await collection.updateOne({ _id: 1 }, { $inc: { i: 1, l: 1, d: 1 } });
    const after = await collection.findOne({}, { promoteValues: false });
    expect(after).toMatchObject({
      i: Long.fromString('2147483648'),
      l: Long.fromNumber(2),
      d: new Double(2),
    });
  });
});

describe('counts and upserts', () => {
  it('tells matched from modified, and changes one or many', async () => {
    const collection = server.collection();
    await collection.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 1 },
      { _id: 3, n: 2 },
    ]);
    expect(await collection.updateOne({ n: 1 }, { $set: { n: 1 } })).toMatchObject({
      matchedCount: 1,
      modifiedCount: 0,
    });
    expect(await collection.updateMany({ n: 1 }, { $inc: { n: 1 } })).toMatchObject({
      matchedCount: 2,
      modifiedCount: 2,
    });
    expect(await collection.countDocuments({ n: 2 })).toBe(3);
  });

  it('upserts the equalities of the filter with the operators, once', async () => {
    const collection = server.collection();
    const upsert = () =>
      collection.updateOne(
        { _id: 'k', kind: 'x' },
        { $inc: { n: 1 }, $setOnInsert: { first: true } },
        { upsert: true },
      );
    expect(await upsert()).toMatchObject({ upsertedId: 'k', upsertedCount: 1, matchedCount: 0 });
    expect(await upsert()).toMatchObject({ upsertedCount: 0, matchedCount: 1, modifiedCount: 1 });
    expect(await collection.findOne()).toEqual({ _id: 'k', kind: 'x', n: 2, first: true });
  });

  it('replaces all but the _id, and upserts a replacement', async () => {
    const collection = server.collection();
    await collection.insertOne({ _id: 1, a: 1 });
    await collection.replaceOne({ _id: 1 }, { b: 2 });
    await collection.replaceOne({ _id: 2 }, { c: 3 }, { upsert: true });
    expect(await collection.find().toArray()).toEqual([
      { _id: 1, b: 2 },
      { _id: 2, c: 3 },
    ]);
  });
});

describe('refused updates', () => {
  it.each<[string, Doc, number]>([
    ['a changed _id', { $set: { _id: 2 } }, 66],
    ['two operators on one path', { $set: { a: 1 }, $inc: { a: 1 } }, 40],
    ['$inc of a string', { $inc: { s: 1 } }, 14],
    ['a field inside a scalar', { $set: { 's.x': 1 } }, 28],
    ['$inc of null', { $inc: { none: 2 } }, 14],
    ['a field inside an array', { $set: { 'list.x': 1 } }, 28],
    ['a path inside another', { $set: { a: { q: 1 }, 'a-b': 2, 'a.b': 3 } }, 40],
  ])('%s', async (_, update, code) => {
    const collection = server.collection();
    const document = { _id: 1, s: 'text', list: [], none: null };
    await collection.insertOne(document);
    expect((await refusal(collection.updateOne({ _id: 1 }, update))).code).toBe(code);
    expect(await collection.findOne()).toEqual(document);
  });

  it.each<[string, (collection: Collection<Doc>) => Promise<unknown>]>([
    ['replaceOne', (collection) => collection.replaceOne({ _id: 1 }, { _id: 2, a: 2 })],
    ['findOneAndReplace', (collection) => collection.findOneAndReplace({ _id: 1 }, { _id: 2 })],
    [
      'a bulk',
      (collection) =>
        collection.bulkWrite([{ replaceOne: { filter: { _id: 1 }, replacement: { _id: 2 } } }]),
    ],
    [
      'an upsert of a replacement',
      (collection) => collection.replaceOne({ _id: 5 }, { _id: 6 }, { upsert: true }),
    ],
    [
      'an upsert with operators',
      (collection) => collection.updateOne({ _id: 5 }, { $set: { _id: 6 } }, { upsert: true }),
    ],
  ])('another _id by %s', async (_, change) => {
    const collection = server.collection();
    await collection.insertOne({ _id: 1, a: 1 });
    expect((await refusal(change(collection))).code).toBe(66);
    expect(await collection.find().toArray()).toEqual([{ _id: 1, a: 1 }]);
  });
});
