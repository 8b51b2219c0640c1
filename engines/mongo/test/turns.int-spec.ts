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
    const [all] = await Promise.all([
      collection.updateMany({ n: { $lt: 10 } }, { $inc: { n: 1 } }),
      ...Array.from({ length: 20 }, (_, _id) =>
        collection.updateOne({ _id }, { $inc: { n: 100 } }),
      ),
    ]);
    expect(await collection.countDocuments({ n: { $in: [1, 101] } })).toBe(all.modifiedCount);
    expect(await collection.countDocuments({ n: { $in: [1, 100, 101] } })).toBe(COUNT);
    expect((await collection.deleteMany({ n: { $gte: 0 } })).deletedCount).toBe(COUNT);
    expect(await collection.estimatedDocumentCount()).toBe(0);
  });
});
