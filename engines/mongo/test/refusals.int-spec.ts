import { Code, Decimal128, MongoServerError } from 'mongodb';
import { refusal, useServer, describeUnlessExternalServer, type Doc } from './server-under-test.js';

const server = useServer();

/** The refusal of a statement as if the command had been refused. */
async function withWriteErrors(reply: Promise<Doc>): Promise<Doc> {
  const { writeErrors } = (await reply) as { writeErrors?: Doc[] };
  if (writeErrors?.[0]) throw new MongoServerError(writeErrors[0]);
  return {};
}

describe('a fault is told as the protocol tells it', () => {
  it.each<[string, Doc, number, string]>([
    ['indexes of what does not exist', { listIndexes: 'none' }, 26, 'NamespaceNotFound'],
    [
      'a rename of what does not exist',
      { dropIndexes: 'none', index: '*' },
      26,
      'NamespaceNotFound',
    ],
  ])('%s', async (_, command, code, codeName) => {
    const error = await refusal(server.db.command(command));
    expect(error.code).toBe(code);
    expect(error.codeName).toBe(codeName);
  });

  it('a delete that does not say how many', async () => {
    const command = { delete: 'c', deletes: [{ q: {} }] };
    expect((await refusal(withWriteErrors(server.db.command(command)))).code).toBe(40_414);
  });

  it('a document above 16 MiB', async () => {
    const collection = server.collection();
    await collection.insertOne({ _id: 1, a: 'x'.repeat(15 * 1024 * 1024) });
    const growing = collection.updateOne({ _id: 1 }, { $set: { b: 'x'.repeat(2 * 1024 * 1024) } });
    expect([10334, 17419]).toContain((await refusal(growing)).code);
  });

  it('a result above 16 MiB', async () => {
    const collection = server.collection();
    const filler = 'x'.repeat(1024 * 1024);
    await collection.insertMany(Array.from({ length: 17 }, (_, n) => ({ _id: n, filler, k: 1 })));
    const from = collection.collectionName;
    const joined = collection.aggregate([
      { $match: { _id: 1 } },
      { $lookup: { from, localField: 'k', foreignField: 'k', as: 'all' } },
    ]);
    expect([4568, 10334, 17419]).toContain((await refusal(joined.toArray())).code);
  });

  it('an _id with a field that begins with a dollar sign', async () => {
    const error = await refusal(server.collection().insertOne({ _id: { $a: 1 } }));
    expect(error.code).toBe(52);
  });

  it('an _id that is an array', async () => {
    const error = await refusal(server.collection().insertOne({ _id: [1] }));
    expect([2, 53]).toContain(error.code);
  });
});

const find = (filter: Doc, more: Doc = {}): Doc => ({ find: 'c', filter, ...more });
const run = (...pipeline: Doc[]): Doc => ({ aggregate: 'c', pipeline, cursor: {} });
const change = (u: Doc | Doc[], more: Doc = {}): Doc => ({
  update: 'c',
  updates: [{ q: {}, u, ...more }],
});
const index = (spec: Doc): Doc => ({
  createIndexes: 'c',
  indexes: [{ key: { a: 1 }, name: 'x', ...spec }],
});

describeUnlessExternalServer('what is not served is refused, never answered wrongly', () => {
  it.each<[string, Doc]>([
    ['an operator that does not exist', find({ a: { $frobnicate: 1 } })],
    ['a logical operator that does not exist', find({ $frobnicate: 1 })],
    ['$where', find({ $where: 'true' })],
    ['$text', find({ $text: { $search: 'x' } })],
    ['$mod', find({ a: { $mod: [2, 0] } })],
    ['$geoWithin', find({ a: { $geoWithin: {} } })],
    ['$jsonSchema', find({ $jsonSchema: {} })],
    ['$expr of more than $eq', find({ $expr: { $gt: ['$a', 1] } })],
    ['an option of find that does not exist', find({}, { frobnicate: 1 })],
    ['collation', find({}, { collation: { locale: 'de' } })],
    ['variables of a find', find({}, { let: { a: 1 } })],
    ['a tailable cursor', find({}, { tailable: true })],
    ['bounds of a find', find({}, { min: { a: 5 }, hint: { a: 1 } })],
    ['keys instead of documents', find({}, { returnKey: true })],
    ['record ids', find({}, { showRecordId: true })],
    ['a cursor without an end', find({}, { noCursorTimeout: true })],
    ['a version of the API', find({}, { apiVersion: '1' })],
    ['$elemMatch', find({ a: { $elemMatch: { b: 1 } } })],
    ['$all', find({ a: { $all: [1] } })],
    ['$size', find({ a: { $size: 1 } })],
    ['a look-around', find({ a: { $regex: 'a(?=b)' } })],
    ['a hint', find({}, { hint: { _id: 1 } })],
    ['a sort in the natural order', find({}, { sort: { $natural: 1 } })],
    ['a sort by an array', find({}, { sort: { a: 1 } })],
    ['a computed projection', find({}, { projection: { b: '$a' } })],
    ['a Decimal128 in a query', find({ a: Decimal128.fromString('1') })],
    ['a Decimal128 as a limit', find({}, { limit: Decimal128.fromString('1') })],
    ['code', change({ $set: { a: new Code('x') } })],
    ['a Decimal128 in a document', { insert: 'c', documents: [{ a: Decimal128.fromString('1') }] }],
    ['$slice', find({}, { projection: { a: { $slice: 1 } } })],
    ['a positional projection', find({}, { projection: { 'a.$': 1 } })],
    ['a change stream', run({ $changeStream: {} })],
    ['a stage that does not exist', run({ $frobnicate: {} })],
    ['$merge', run({ $merge: 'd' })],
    ['$facet', run({ $facet: {} })],
    ['$addFields', run({ $addFields: { a: 1 } })],
    ['an expression', run({ $project: { a: { $add: ['$b', 1] } } })],
    ['an accumulator', run({ $group: { _id: null, all: { $push: '$a' } } })],
    ['a variable', run({ $group: { _id: '$$ROOT' } })],
    ['another pipeline of $lookup', run({ $lookup: { from: 'c', as: 'x', pipeline: [] } })],
    ['numbers of unwound elements', run({ $unwind: { path: '$a', includeArrayIndex: 'i' } })],
    ['a pipeline as an update', change([{ $set: { a: 1 } }])],
    ['$push', change({ $push: { a: 1 } })],
    ['$rename', change({ $rename: { a: 'b' } })],
    ['an update operator that does not exist', change({ $frobnicate: { a: 1 } })],
    ['all elements of an array', change({ $set: { 'a.$[]': 1 } })],
    ['filters of elements', change({ $set: { a: 1 } }, { arrayFilters: [] })],
    ['variables of an update', { ...change({ $set: { a: 1 } }), let: { a: 1 } }],
    ['constants of an update', change({ $set: { a: 1 } }, { c: {} })],
    ['variables of a delete', { delete: 'c', deletes: [{ q: {}, limit: 1 }], let: { a: 1 } }],
    ['the order of findAndModify', { findAndModify: 'c', update: {}, sort: { a: 1 } }],
    ['the fields of findAndModify', { findAndModify: 'c', update: {}, fields: { a: 1 } }],
    ['more copies than there are servers', { ...change({}), writeConcern: { w: 2 } }],
    ['the count of a query', { count: 'c', query: {} }],
    ['filters of findAndModify', { findAndModify: 'c', update: {}, arrayFilters: [] }],
    ['a text index', index({ key: { a: 'text' } })],
    ['a wildcard index', index({ key: { 'a.$**': 1 } })],
    ['a sparse index', index({ sparse: true })],
    ['documents that expire', index({ expireAfterSeconds: 1 })],
    ['an index of arrays', index({})],
    ['a condition of a partial index', index({ partialFilterExpression: { a: { $in: [1] } } })],
    ['a choice in a partial index', index({ partialFilterExpression: { $or: [{ a: 1 }] } })],
    ['a hidden index', index({ hidden: true })],
    ['a capped collection', { create: 'capped', capped: true, size: 1000 }],
    ['a validator', { create: 'validated', validator: { a: 1 } }],
    ['a view', { create: 'view', viewOn: 'c', pipeline: [] }],
    ['an option of what is explained', { explain: find({}, { let: { a: 1 } }) }],
    ['an explained count', { explain: { count: 'c' } }],
    ['an explained aggregation', { explain: run({ $match: {} }) }],
  ])('%s', async (_, command) => {
    await server.db.collection('c').updateOne({}, { $set: { a: [1], s: 'ab' } }, { upsert: true });
    const answer = await refusal(withWriteErrors(server.db.command(command)));
    expect(answer.code).toBe(238);
    expect(answer.message).toMatch(/does not serve .+\. See its dialect\.md\./);
  });

  it.each([
    'mapReduce',
    'bulkWrite',
    'createUser',
    'renameCollection',
    'distinct',
    'collStats',
    'currentOp',
    'collMod',
    'frobnicate',
  ])('the command %s', async (name) => {
    const answer = await refusal(server.db.command({ [name]: 1 }));
    expect([answer.code, answer.codeName]).toEqual([115, 'CommandNotSupported']);
    expect(answer.message).toContain(name);
  });

  it('an array where an index wants one value, however it comes there', async () => {
    const collection = server.collection();
    await collection.createIndex({ a: 1, 'b.c': 1 });
    await collection.insertOne({ _id: 1, a: 1 });
    const inserting = (document: Doc): Promise<unknown> => collection.insertOne(document);
    expect((await refusal(inserting({ a: [1] }))).code).toBe(238);
    expect((await refusal(inserting({ b: [{ c: 1 }] }))).code).toBe(238);
    expect((await refusal(collection.updateOne({}, { $set: { 'b.c': [] } }))).code).toBe(238);
    expect(await collection.find().toArray()).toEqual([{ _id: 1, a: 1 }]);
  });

  it('a sort that would need more than 100 MiB of memory', async () => {
    const collection = server.collection();
    const filler = 'x'.repeat(1024 * 1024);
    for (let n = 0; n < 105; n += 15) {
      await collection.insertMany(Array.from({ length: 15 }, (_, at) => ({ _id: n + at, filler })));
    }
    expect((await refusal(collection.find().sort({ filler: 1, n: 1 }).toArray())).code).toBe(292);
    expect(
      await collection
        .find({}, { projection: { _id: 1 } })
        .sort({ _id: -1 })
        .toArray(),
    ).toHaveLength(105);
  }, 60_000);
});
