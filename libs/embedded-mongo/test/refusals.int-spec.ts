import {
  refusal,
  serverUnderTest,
  describeUnlessExternalServer,
  type Doc,
  type ServerUnderTest,
} from './server-under-test.js';

let server: ServerUnderTest;

beforeAll(async () => {
  server = await serverUnderTest();
});

afterAll(async () => {
  await server.stop();
});

describe('a fault is told as the protocol tells it', () => {
  it.each<[string, Doc, number, string]>([
    ['an unknown command', { frobnicate: 1 }, 59, 'CommandNotFound'],
    ['an unknown query operator', { find: 'c', filter: { a: { $frobnicate: 1 } } }, 2, 'BadValue'],
    ['an unknown top-level operator', { find: 'c', filter: { $frobnicate: 1 } }, 2, 'BadValue'],
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

  it('a document above 16 MiB', async () => {
    const collection = server.collection();
    await collection.insertOne({ _id: 1, a: 'x'.repeat(15 * 1024 * 1024) });
    const growing = collection.updateOne({ _id: 1 }, { $set: { b: 'x'.repeat(2 * 1024 * 1024) } });
    expect([10334, 17419]).toContain((await refusal(growing)).code);
  });

  it('a result above 16 MiB', async () => {
    const collection = server.collection();
    const filler = 'x'.repeat(1024 * 1024);
    await collection.insertMany(Array.from({ length: 17 }, (_, n) => ({ _id: n, filler })));
    const whole = collection.aggregate([{ $group: { _id: null, all: { $push: '$filler' } } }]);
    expect([10334, 17419]).toContain((await refusal(whole.toArray())).code);
  });

  it('an option of find that does not exist', async () => {
    const error = await refusal(server.db.command({ find: 'c', filter: {}, frobnicate: 1 }));
    expect(error.code).toBe(40415);
  });

  it('an _id with a field that begins with a dollar sign', async () => {
    const error = await refusal(server.collection().insertOne({ _id: { $a: 1 } }));
    expect(error.code).toBe(52);
  });

  it('arrays in two fields of one index', async () => {
    const collection = server.collection();
    await collection.createIndex({ a: 1, b: 1 });
    expect((await refusal(collection.insertOne({ a: [1], b: [1] }))).code).toBe(171);
    await collection.insertOne({ a: [1], b: 1 });
  });

  it('more copies of a write than there are servers, once it is made', async () => {
    const collection = server.collection();
    const options = { writeConcern: { w: 40 } };
    const error = await refusal(collection.insertOne({ _id: 1 }, options));
    expect(error.code).toBe(100);
    expect(await collection.countDocuments()).toBe(1);
  });

  it('an _id that is an array', async () => {
    const error = await refusal(server.collection().insertOne({ _id: [1] }));
    expect([2, 53]).toContain(error.code);
  });
});

describeUnlessExternalServer('what is not supported is refused, never answered wrongly', () => {
  it.each<[string, Doc]>([
    ['$where', { find: 'c', filter: { $where: 'true' } }],
    ['$text', { find: 'c', filter: { $text: { $search: 'x' } } }],
    ['$geoWithin', { find: 'c', filter: { a: { $geoWithin: {} } } }],
    ['$jsonSchema', { find: 'c', filter: { $jsonSchema: {} } }],
    ['collation', { find: 'c', filter: {}, collation: { locale: 'de' } }],
    ['a tailable cursor', { find: 'c', filter: {}, tailable: true }],
    ['bounds of a find', { find: 'c', filter: {}, min: { a: 5 }, hint: { a: 1 } }],
    ['keys instead of documents', { find: 'c', filter: {}, returnKey: true }],
    ['record ids', { find: 'c', filter: {}, showRecordId: true }],
    ['a change stream', { aggregate: 'c', pipeline: [{ $changeStream: {} }], cursor: {} }],
    ['$merge', { aggregate: 'c', pipeline: [{ $merge: 'd' }], cursor: {} }],
    ['$graphLookup', { aggregate: 'c', pipeline: [{ $graphLookup: {} }], cursor: {} }],
    ['a text index', { createIndexes: 'c', indexes: [{ key: { a: 'text' }, name: 'x' }] }],
    ['a capped collection', { create: 'capped', capped: true, size: 1000 }],
    ['a validator', { create: 'validated', validator: { a: 1 } }],
  ])('%s', async (_, command) => {
    expect((await refusal(server.db.command(command))).code).toBe(238);
  });

  it.each(['mapReduce', 'bulkWrite', 'geoSearch', 'createUser'])('the command %s', async (name) => {
    expect((await refusal(server.db.command({ [name]: 1 }))).code).toBe(59);
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
