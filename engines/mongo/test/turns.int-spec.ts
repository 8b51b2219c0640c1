import type { Collection } from 'mongodb';
import { describeUnlessExternalServer, refusal, useServer, type Doc } from './server-under-test.js';

const server = useServer();
let large: Collection<Doc>;

const COUNT = 20_000;
/** Matches nothing, after a look at every document. */
const NONE = { text: { $regex: 'nowhere', $options: 'i' } };

beforeAll(async () => {
  large = server.collection();
  const text = 'all that it holds is somewhere else '.repeat(5);
  for (let from = 0; from < COUNT; from += 2_000) {
    await large.insertMany(Array.from({ length: 2_000 }, (_, n) => ({ _id: from + n, n, text })));
  }
});

const slow: [string, (options: object) => Promise<unknown>][] = [
  ['find', (options) => large.find(NONE, options).toArray()],
  ['find and sort', (options) => large.find({}, options).sort({ text: 1, n: -1 }).toArray()],
  [
    'aggregate',
    (options) =>
      large.aggregate([{ $group: { _id: '$n', n: { $max: '$text' } } }], options).toArray(),
  ],
  ['countDocuments', (options) => large.countDocuments(NONE, options)],
  ['estimatedDocumentCount', (options) => large.estimatedDocumentCount(options)],
  ['updateMany', (options) => large.updateMany(NONE, { $set: { a: 1 } }, options)],
  ['updateOne', (options) => large.updateOne(NONE, { $set: { a: 1 } }, options)],
  ['deleteMany', (options) => large.deleteMany(NONE, options)],
  ['findOneAndUpdate', (options) => large.findOneAndUpdate(NONE, { $set: { a: 1 } }, options)],
];

describeUnlessExternalServer('a slow statement', () => {
  it.each(slow)('gives others their turns: %s', async (_, statement) => {
    const over = new AbortController();
    const running = Promise.all([statement({}), statement({}), statement({})]).finally(() => {
      over.abort();
    });
    let answers = 0;
    for (; !over.signal.aborted; answers += 1) await server.db.command({ ping: 1 });
    await running;
    // All at once, it would hold up the second or third until it is over.
    expect(answers).toBeGreaterThan(5);
  });

  it.each(slow)('ends after maxTimeMS: %s', async (_, statement) => {
    const error = await refusal(statement({ maxTimeMS: 1 }));
    expect([error.code, error.codeName]).toEqual([50, 'MaxTimeMSExpired']);
  });

  it('changes each document once, however often it pauses', async () => {
    const collection = server.collection();
    for (let from = 0; from < COUNT; from += 2_000) {
      await collection.insertMany(
        Array.from({ length: 2_000 }, (_, n) => ({ _id: from + n, n: 0 })),
      );
    }
    const over = new AbortController();
    const updating = collection.updateMany({ n: { $lt: 10 } }, { $inc: { n: 1 } }).finally(() => {
      over.abort();
    });
    let others = 0;
    for (; !over.signal.aborted; others += 1) {
      await collection.updateOne({ _id: COUNT - 1 - others }, { $inc: { n: 100 } });
    }
    const all = await updating;
    expect(await collection.countDocuments({ n: { $gte: 100 } })).toBe(others);
    expect(await collection.countDocuments({ n: { $in: [1, 101] } })).toBe(all.modifiedCount);
    expect(await collection.countDocuments({ n: { $in: [1, 100, 101] } })).toBe(COUNT);
    expect((await collection.deleteMany({ n: { $gte: 0 } })).deletedCount).toBe(COUNT);
    expect(await collection.estimatedDocumentCount()).toBe(0);
  });

  it('changes a document only if it still matches after a pause', async () => {
    const collection = server.collection();
    const text = 'a'.repeat(400);
    await collection.insertMany(
      Array.from({ length: 400 }, (_, _id) => ({ _id, text, free: _id === 399 })),
    );
    // Slow enough for a pause between reading the last document and testing it.
    const filter = { $or: [{ free: true }, { text: { $regex: 'a*b' } }] };
    const claims = Array.from({ length: 6 }, () =>
      collection.findOneAndUpdate(filter, { $set: { free: false } }),
    );
    const claimed = (await Promise.all(claims)).filter((found) => found !== null);
    expect(claimed).toHaveLength(1);
  });
});
